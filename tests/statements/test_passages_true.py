"""True statements in other words, about which a careless reader would err: none is called false; false ones never hold."""

import pytest

BAND = (
    "The Hollow Men (band): The Hollow Men were an American rock band from Portland, formed in 1991.",
    "The Hollow Men (band): They released four albums and sold over 2 million records before disbanding in 2003.",
    "The Hollow Men (band): The original lineup consisted of singer Dan Pruitt, guitarist Leo Marsh and drummer Kay Holt.",
    "Dan Pruitt: Daniel \"Dan\" Pruitt (born July 8, 1968) is an American singer, songwriter and actor.",
    "Dan Pruitt: He married actress Joan Weller in 1997; they divorced in 2005.", "Dan Pruitt: In 2010, he married Susan Lake.",
    "Dan Pruitt: He won two Grammy Awards, in 1995 and 1999.",
    "Leo Marsh: Leo Marsh (1965 – 2011) was a guitarist and producer.",
    "Leo Marsh: He was born in Seattle, Washington, and raised in Portland.",
    "Riverton: Riverton is a city in Clay County, Ohio, United States.",
    "Riverton: The population was 12,410 at the 2010 census and 11,980 at the 2000 census.",
    "Riverton: It was founded as a trading post in 1811 and incorporated as a city in 1854.",
    "Clay County: Clay County is a county in Ohio with a population of 98,000.",
    "The Long Bridge: The Long Bridge is a 1999 novel by Peter Stone, adapted into a 2004 film by Ann Carr.",
)  # fmt: skip
BAND_TRUE = (
    "The Hollow Men formed in 1991 in Portland.", "Dan Pruitt was married twice.", "Dan Pruitt married Susan Lake in 2010.",
    "Dan Pruitt and Joan Weller divorced in 2005.", "Dan Pruitt won a Grammy in 1995.",
    "He won Grammy Awards in 1995 and 1999.", "Leo Marsh died in 2011.", "Leo Marsh was born in 1965 in Seattle.",
    "Leo Marsh was the guitarist of The Hollow Men.", "Riverton had 11,980 inhabitants in 2000.",
    "Riverton's population was 12,410 in 2010.", "Riverton became a city in 1854.",
    "The Long Bridge was adapted into a film in 2004.", "The Long Bridge was written by Peter Stone.",
    "The film adaptation of The Long Bridge was directed by Ann Carr.", "The Long Bridge was published in 1999.",
    "The Hollow Men sold more than 2 million records.", "The band broke up in 2003.",
    "Dan Pruitt was the singer of The Hollow Men.", "The drummer was Kay Holt.", "Dan Pruitt is younger than Leo Marsh.",
    "Clay County has a population of 98,000.", "The Hollow Men were from Oregon.", "Leo Marsh was born in the United States.",
    "Dan Pruitt was born in the summer of 1968.", "They released their fourth album in 2002.",
    "The Hollow Men released two albums in 1995.", "Dan Pruitt married in 1997.", "Dan Pruitt won one Grammy Award in 1995.",
    "Leo Marsh joined the band in 1991.", "Leo Marsh was 46 when he died in 2011.", "The Long Bridge film came out in 2004.",
    "Riverton was founded in 1811.", "Riverton was incorporated in 1854.", "Dan Pruitt's first wife was Joan Weller.",
    "The Long Bridge is a book from 1999.", "The band was formed by Dan Pruitt, Leo Marsh and Kay Holt.",
    "Dan Pruitt was 29 years old when he married Joan Weller.", "In the 1990s, Dan Pruitt won two Grammy Awards.",
    "The singer of The Hollow Men was born in 1968.",
    "Leo Marsh, born in 1965, is three years older than Dan Pruitt, born in 1968.", "Riverton is located in Ohio.",
    "The population of Riverton at the 2000 census was 11,980.", "The population of Riverton was approximately 12,000.",
    "The Long Bridge (1999) is by Peter Stone.", "Dan Pruitt's second marriage was in 2010.",
)  # fmt: skip
BAND_FALSE = (
    "The Hollow Men formed in 1994.", "Dan Pruitt divorced in 2008.", "Leo Marsh died in 2012.",
    "Riverton was founded in 1854.", "Riverton was incorporated in 1811.",
    "The population of Riverton was 12,410 at the 2000 census.", "The Long Bridge was written by Ann Carr.",
    "The Long Bridge is a 2004 novel.", "The Long Bridge was adapted into a 1999 film.",
    "Dan Pruitt was the drummer of The Hollow Men.", "The singer of The Hollow Men was born in 1965.",
    "The guitarist was Kay Holt.", "The band disbanded in 2005.", "Dan Pruitt married Susan Lake in 1997.",
    "Leo Marsh was born in Portland.", "Dan Pruitt is older than Leo Marsh.", "The Hollow Men were a British rock band.",
    "Dan Pruitt won three Grammy Awards.", "The Long Bridge is a novel by Mark Twain.", "Dan Pruitt was born on July 9, 1968.",
)  # fmt: skip
MEASURES = (
    "The average cost of a new roof is $7,500, and most people spend between $5,100 and $10,200. Asphalt shingles last 20 years.",
    "A cat sleeps 12 to 16 hours a day. Kittens sleep up to 20 hours. An adult cat weighs 4.5 kg on average.",
    "Mount Harlan is 2,150 m (7,054 ft) high. It was first climbed in 1872 by Emil Roth. It lies 40 km north of Brenn.",
    "The normal body temperature of a dog is 101 to 102.5 degrees Fahrenheit. A dog's heart beats 60 to 140 times per minute.",
    "The Harlan Act was passed by the senate in 1964 and signed into law on July 2, 1964. It has 11 titles.",
)  # fmt: skip
MEASURES_TRUE = (
    "A new roof costs $7,500 on average.", "Most homeowners pay $5,100 to $10,200.",
    "Shingles made of asphalt last two decades.", "Cats sleep 14 hours a day.", "A cat sleeps about 15 hours a day.",
    "A kitten may sleep 18 hours.", "An adult cat weighs about 10 pounds.", "Mount Harlan is 7,054 feet high.",
    "Mount Harlan is 2,150 metres high.", "Mount Harlan is over 7,000 ft high.",
    "Emil Roth first climbed Mount Harlan in 1872.", "Mount Harlan lies 25 miles north of Brenn.",
    "A dog's normal temperature is 102 degrees Fahrenheit.",
    "The normal body temperature of a dog is 101.5 degrees Fahrenheit.", "The Harlan Act became law in 1964.",
    "The Harlan Act was signed into law in July 1964.", "The senate passed the Harlan Act in 1964.",
    "The Harlan Act has eleven titles.", "The Harlan Act was passed in June 1964.", "A dog's heart beats 100 times per minute.",
    "Mount Harlan was climbed again in 1880.", "Kittens sleep 20 hours.", "Asphalt shingles last 15 to 30 years.",
    "Brenn is 40 km south of Mount Harlan.",
)  # fmt: skip
MEASURES_FALSE = (
    "Mount Harlan is 2,510 m high.", "Mount Harlan was first climbed in 1875.",
    "Mount Harlan was first climbed by Karl Weiss in 1872.", "The Harlan Act has 12 titles.", "Asphalt shingles last 25 years.",
    "An adult cat weighs 5.5 kg on average.", "The Harlan Act was signed into law in 1965.",
    "Mount Harlan lies 45 km north of Brenn.",
)  # fmt: skip


@pytest.fixture
def band(judging):
    return judging("hotpotqa", "Which band did Dan Pruitt sing for?", BAND)


@pytest.fixture
def measures(judging):
    return judging("msmarco", "how much is a roof", MEASURES)


@pytest.mark.parametrize("text", BAND_TRUE)
def test_what_the_band_did_is_never_called_false(text, band):
    assert "contradicted" not in {one.grounding for one in band(text)}


@pytest.mark.parametrize("text", MEASURES_TRUE)
def test_right_measures_are_never_called_false(text, measures):
    assert "contradicted" not in {one.grounding for one in measures(text)}


@pytest.mark.parametrize("text", BAND_FALSE)
def test_what_the_band_did_not_do_never_holds(text, band):
    assert not any(one.holds for one in band(text)), band(text)


@pytest.mark.parametrize("text", MEASURES_FALSE)
def test_wrong_measures_never_hold(text, measures):
    assert not any(one.holds for one in measures(text)), measures(text)


def test_some_are_found(band, measures):
    """The two tests above hold for a grammar that reads nothing, too."""
    holding = sum(any(one.holds for one in band(text)) for text in BAND_TRUE)
    contradicted = sum(one.grounding == "contradicted" for text in BAND_FALSE for one in band(text))
    contradicted += sum(one.grounding == "contradicted" for text in MEASURES_FALSE for one in measures(text))
    assert holding >= 19
    assert contradicted >= 9
