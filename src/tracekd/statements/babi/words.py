"""The marks of the names of bAbI stories, and the names and numbers that all stories share."""

PERSON, PLACE, THING, SHAPE, KIND, COLOUR, STATE, TIME = (chr(0xE002 + number) for number in range(8))
SIGN_OF_MARK = {PERSON: "P", PLACE: "L", THING: "T", SHAPE: "S", KIND: "K", COLOUR: "C", STATE: "M", TIME: "D"}
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# Places, people and things of the published files, so that a name of another story is read as what it is.
PLACES = "bathroom hallway garden office bedroom kitchen cinema school park".split()
PEOPLE = "mary john daniel sandra bill fred jeff julie emily jason jessica greg antoine sumit yann".split()
THINGS = "football milk apple pajamas".split()
