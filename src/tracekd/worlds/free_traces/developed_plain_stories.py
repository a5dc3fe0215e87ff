"""Plain ways to tell stories. The grammars were measured on them once before they were developed on them."""

PLAIN_STORIES = {
    "suppose": ("Imagine {p} had gone to the {l}. Things would be different then.",),
    "move": (
        "{p} moved over to the {l}", "{p} moved into the {l}", "{p} has travelled to the {l}",
        "{p} makes their way to the {l}", "{p} walked over to the {l}", "{p} proceeded on to the {l}",
        "{p} went off to the {l}", "{p} then headed over to the {l}", "{p} is now going to the {l}",
        "{p} went inside the {l}", "{p} walked into the {l}", "{p} transitioned to the {l}", "{p} traveled back to the {l}",
        "{p} arrived in the {l}",
    ),
    "at": (
        "{p} is found in the {l}", "{p} is staying in the {l}",
        "{p}'s whereabouts: the {l}", "{p} is known to be in the {l}", "{p} is there in the {l}",
    ),
    "at now": (
        "{p} is now at the {l}", "{p}'s current location is the {l}", "{p} is at the {l} now", "{p} must be in the {l}",
        "the final location of {p} is the {l}", "{p} was last seen in the {l}", "{p} last moved to the {l}",
        "{p} remains in the {l}", "currently {p} is located in the {l}", "{p} is ultimately in the {l}",
        "the last location for {p} is the {l}", "{p} can now be found in the {l}",
        "{p} is in the {l} by the end of the story", "{p} is last known to be in the {l}",
    ),
    "not at": (
        "{p} is not present in the {l}", "{p} isn't inside the {l}", "{p} is definitely not in the {l}",
        "{p} is elsewhere than the {l}",
    ),
    "either": (
        "{p} is either in the {l} or in the {k}", "{p} is located in the {l} or the {k}",
        "{p} is in one of the {l} and the {k}", "{p} is either inside the {l} or inside the {k}",
    ),
    "before": (
        "{x} was in the {l} before moving to the {k}", "before {x} was in the {k}, {x} was in the {l}",
        "{x} was located in the {l} before the {k}", "{x} was in the {l} immediately before the {k}",
        "prior to the {k}, {x}'s location was the {l}", "{x} moved to the {k} from the {l}",
        "{x} had been at the {l} prior to going to the {k}", "{x}'s location prior to the {k} was the {l}",
        "{x} was in the {l} right before going to the {k}",
    ),
    "get": (
        "{p} picked the {t} up", "{p} acquires the {t}", "{p} obtained possession of the {t}", "{p} took hold of the {t}",
        "{p} now took the {t}", "the {t} has been picked up by {p}", "{p} got a hold of the {t}", "{p} fetched up the {t}",
        "{p} grabs the {t}", "{p} had taken the {t}",
    ),
    "drop": (
        "{p} has discarded the {t}", "{p} put the {t} on the floor", "{p} dropped off the {t}", "{p} released the {t}",
        "{p} placed down the {t}", "{p} has put down the {t}", "{p} had dropped the {t}", "the {t} has been dropped by {p}",
        "{p} lets go of the {t}",
    ),
    "give": (
        "{p} had given {k} the {t}", "{p} handed {k} the {t}", "{p} gave over the {t} to {k}",
        "the {t} was given by {p} to {k}", "{k} has received the {t} from {p}", "the {t} moved from {p} to {k}",
        "{p} gave the {t} away to {k}", "{k} took the {t} off {p}", "{p} delivered {k} the {t}",
        "{p} transfers the {t} to {k}",
    ),
    "has now": (
        "{p} is in possession of the {t} at the end", "{p} now holds the {t}", "the {t} is with {p} at the end",
        "{p} is the one carrying the {t} now", "the {t} is now in {p}'s possession", "the final holder of the {t} is {p}",
        "{p} is the last to have the {t}", "{p} has the {t} in the end", "the {t} is held by {p} at the end",
        "{p} currently possesses the {t}", "{p} must have the {t} now", "{p} retains the {t} now",
        "the {t} is currently with {p}",
    ),
    "lies now": (
        "the {t} is in the {l} in the end", "the {t}'s current location is the {l}", "the {t} remains in the {l} now",
        "the {t} is presently in the {l}", "the {t} must be in the {l} now", "the {t} is ultimately in the {l}",
        "the {t} winds up in the {l}", "we can find the {t} in the {l} now", "the {t} is now located at the {l}",
        "the current location of the {t} is the {l}", "the {t} was last in the {l}",
        "the {t} is in the {l} by the end of the story",
    ),
    "count": (
        "{p} is now holding {n} object{s}", "{p} possesses {n} object{s} now", "there are {n} object{s} with {p} now",
        "{p} has exactly {n} object{s} now", "the number of objects held by {p} is now {n}",
        "{p} is carrying a total of {n} object{s} now", "in total {p} now has {n} object{s}",
        "{p}'s total is {n} object{s} now",
    ),
    "lies north": (
        "the {x} lies north of the {y}", "north of the {y}, you find the {x}", "the {x} is situated north of the {y}",
        "the {x} is just north of the {y}", "going north from the {y} takes you to the {x}",
        "heading north from the {y}, one reaches the {x}", "the {x} is on the north of the {y}",
        "from the {y}, go north to reach the {x}", "the {x} is located in the north of the {y}",
    ),
    "lies south": (
        "the {x} lies south of the {y}", "south of the {y}, you find the {x}", "the {x} is situated south of the {y}",
        "the {x} is just south of the {y}", "going south from the {y} takes you to the {x}",
        "heading south from the {y}, one reaches the {x}", "the {x} is on the south of the {y}",
        "from the {y}, go south to reach the {x}", "the {x} is located in the south of the {y}",
    ),
    "lies east": (
        "the {x} lies east of the {y}", "east of the {y}, you find the {x}", "the {x} is situated east of the {y}",
        "the {x} is just east of the {y}", "going east from the {y} takes you to the {x}",
        "heading east from the {y}, one reaches the {x}", "the {x} is on the east of the {y}",
        "from the {y}, go east to reach the {x}", "the {x} is located in the east of the {y}",
    ),
    "lies west": (
        "the {x} lies west of the {y}", "west of the {y}, you find the {x}", "the {x} is situated west of the {y}",
        "the {x} is just west of the {y}", "going west from the {y} takes you to the {x}",
        "heading west from the {y}, one reaches the {x}", "the {x} is on the west of the {y}",
        "from the {y}, go west to reach the {x}", "the {x} is located in the west of the {y}",
    ),
    "lies left": (
        "the {x} is positioned left of the {y}", "the {x} is found to the left of the {y}",
        "the {x} appears to the left of the {y}", "to the left of the {y}, there is the {x}",
        "the {x} stands to the left of the {y}",
    ),
    "lies right": (
        "the {x} is positioned right of the {y}", "the {x} is found to the right of the {y}",
        "the {x} appears to the right of the {y}", "to the right of the {y}, there is the {x}",
        "the {x} stands to the right of the {y}",
    ),
    "lies above": (
        "the {x} appears above the {y}", "the {x} stands over the {y}", "the {x} is found above the {y}",
        "the {y} lies beneath the {x}",
    ),
    "lies below": (
        "the {x} appears below the {y}", "the {x} is found beneath the {y}", "the {y} lies above the {x}",
        "the {x} is situated underneath the {y}",
    ),
    "bigger": (
        "the {x} is larger in size than the {y}", "the {x} is bigger in comparison with the {y}",
        "the {y} is smaller in comparison to the {x}", "the {x} is greater than the {y}",
        "the {x} is definitely bigger than the {y}", "the {x}'s size is greater than the {y}'s",
        "the {x} is the larger of the {x} and the {y}", "the {x} must be larger than the {y}",
    ),
    "fits": (
        "the {y} can be placed in the {x}", "the {x} can accommodate the {y}", "the {y} could fit inside the {x}",
        "the {x} is capable of holding the {y}", "the {y} is small enough to fit in the {x}", "the {y} fits into the {x}",
        "the {x} will hold the {y}", "the {y} may be put in the {x}",
    ),
    "is a": (
        "{p} is classed as a {k}", "{p} is an example of a {k}", "{p} is a member of the {k} species", "{p} is of type {k}",
        "{p}, being a {k}", "{p}'s species is the {k}", "{p} is just a {k}", "{p} is named as a {k}",
    ),
    "kind fears": (
        "{k} are frightened by {f}", "{k} will be afraid of {f}", "{k} always fear {f}", "{k} feel fear towards {f}",
        "{f} are what {k} fear", "{k} are naturally afraid of {f}",
    ),
    "fears": (
        "{p} must fear {f}", "{p} is naturally afraid of {f}", "{p} will be scared of {f}", "{p} is afraid of {f} as well",
        "{p} experiences fear of {f}", "{f} are feared by {p}", "{p} should fear {f}",
    ),
    "colour": (
        "{p} is {c}-coloured", "{p} has {c} color", "{p} happens to be {c}", "{p} is likely {c}", "{p} should be {c}",
        "{p} is going to be {c}",
    ),
    "state": (
        "{p} is now feeling {m}", "{p} starts feeling {m}", "{p} had become {m}", "{p} is getting {m} now",
        "{p} was feeling {m}",
    ),
    "will go": (
        "{p} will be at the {l}", "{p} plans to go to the {l}", "{p} will likely go to the {l}",
        "{p} will proceed to the {l}", "{p} will walk over to the {l}", "{p} is set to go to the {l}",
        "the next location of {p} will be the {l}", "{p} will move into the {l}",
    ),
    "answer": (
        "that makes {a} the answer", "the answer is clearly {a}", "so, the final answer: {a}", "the answer therefore is {a}",
        "{a} is our answer", "I believe the answer is {a}", "this makes the answer {a}", "the right choice is {a}",
    ),
}  # fmt: skip
