"""Plain ways to state events in time. The grammars were measured on them once before they were developed on them."""

PLAIN_EVENTS = {
    "suppose": ("Imagine {s} had stayed longer. Things would be different then.",),
    "listed": ("{s} — {o} — {when}", "{o} / {s}, {when}", "* {s}: {o} {when}"),
    "P39": (
        "{s} was holding the office of {o} {when}", "{s} came to be {o} {when}", "{s}'s position was {o} {when}",
        "{s} took up the position of {o} {when}", "{s} worked in the role of {o} {when}", "{s} was made {o} {when}",
        "{o} was {s}'s job {when}",
    ),
    "P108": (
        "{s} found employment at {o} {when}", "{s} was an {o} employee {when}", "{s} was in the service of {o} {when}",
        "{s} was on {o}'s payroll {when}", "{s} had {o} as an employer {when}", "{s} was a staff member at {o} {when}",
    ),
    "P102": (
        "{s} was politically with the {o} {when}", "{s} was listed as a member of the {o} {when}",
        "{s} was a member in the {o} {when}", "the {o} had {s} among its members {when}", "{s} was loyal to the {o} {when}",
    ),
    "P69": (
        "{s} was attending {o} {when}", "{s} was an alumnus of {o} {when}", "{s} was a learner at {o} {when}",
        "{s} pursued education at {o} {when}", "{s} was a student of {o} {when}", "{s} was matriculated at {o} {when}",
    ),
    "P54": (
        "{s} spent time at {o} {when}", "{s} was a team member of {o} {when}", "{s} represented {o} {when}",
        "{s} had a contract with {o} {when}", "{s} was a squad member at {o} {when}", "{s} was used by {o} {when}",
    ),
    "P127": (
        "{o} was in charge of {s} {when}", "{s} was among the holdings of {o} {when}", "{s} was possessed by {o} {when}",
        "{o} had {s} in its ownership {when}",
    ),
    "P488": (
        "{s} functioned as the chair of {o} {when}", "{s} was at the head of {o} {when}", "{s} had been chairing {o} {when}",
    ),
    "P6": (
        "{s} was the government head of {o} {when}", "{s} was leading {o} {when}", "{s} held the leadership of {o} {when}",
    ),
    "noun subject P39": ("{s}'s time serving",),
    "noun both P39": ("the period {s} held {o}", "{s}'s position as {o}", "{s}'s occupancy of {o}"),
    "noun subject P108": ("{s}'s tenure there",),
    "noun both P108": ("{s}'s job with {o}", "the years {s} worked for {o}", "{s} at {o}"),
    "noun subject P102": ("{s}'s political membership",),
    "noun both P102": ("{s}'s party membership in the {o}", "the time {s} belonged to the {o}"),
    "noun subject P69": ("{s}'s academic period",),
    "noun both P69": ("{s}'s enrollment at {o}", "the years {s} attended {o}"),
    "noun subject P54": ("{s}'s team period",),
    "noun both P54": ("{s}'s membership of {o}", "the years {s} played for {o}"),
    "noun subject P127": ("{s}'s ownership period",),
    "noun both P127": ("{o}'s owning of {s}", "the years {o} owned {s}"),
    "noun subject P488": ("{s}'s chair tenure",),
    "noun both P488": ("{s}'s tenure chairing {o}", "the period {s} was chair of {o}"),
    "noun subject P6": ("{s}'s leadership period",),
    "noun both P6": ("{s}'s tenure leading {o}", "the period {s} was head of {o}"),
    "overlaps": (
        "{x} and {y} coincide in time", "{x} was partially overlapping {y}", "{x} and {y} occurred concurrently",
        "{x} took place while {y} was in progress", "{x} and {y} have a common time span", "part of {x} falls in {y}",
        "{x} has time in common with {y}", "{x} and {y} happened during the same time",
    ),
    "apart": (
        "{x} and {y} occurred at different times", "{x} and {y} are not simultaneous", "{x} and {y} didn't overlap",
        "{x} does not coincide with {y} at all", "{x} falls completely outside {y}", "{x} and {y} have no time overlap",
        "there was no overlap of {x} with {y}", "{x} is disjoint with {y}", "{x} took place outside of {y}",
    ),
    "before": (
        "{x} was completed before {y} began", "{x} occurred before {y}", "{x} ended prior to {y} starting",
        "{x} happens before {y}", "{x} ended earlier than {y} began", "{x} had already ended when {y} started",
        "{y} comes after {x}", "{x} lies entirely before {y}",
    ),
    "after": (
        "{x} occurred after {y}", "{x} happened only after {y} ended", "{x} began later than {y} ended",
        "{x} happens after {y}", "{x} started following the end of {y}", "{x} lies entirely after {y}",
        "{y} comes before {x}", "{y} had already ended when {x} started",
    ),
    "within": (
        "{x} is completely inside {y}", "{x} occurred within {y}", "{x} was entirely contained in {y}",
        "{x} fits within {y}", "{x} is fully within {y}", "{y} completely encloses {x}", "{x} falls within the time of {y}",
    ),
    "contains": (
        "{x} completely encompasses {y}", "{x} contains the whole of {y}", "{x} covers the entire period of {y}",
        "{y} fits within {x}", "{x} subsumes {y}", "{y} occurred within {x}",
    ),
    "equal": (
        "{x} and {y} have matching dates", "{x} and {y} are identical in time", "{x} and {y} span the same dates",
        "{x} has identical dates to {y}", "{x} equals {y}", "{x} exactly matches {y}",
        "{x} happened at exactly the same time as {y}", "{x} and {y} share exactly the same dates",
    ),
    "it overlaps": (
        "it coincides in time with {y}", "that has time in common with {y}", "this took place while {y} was in progress",
    ),
    "it apart": ("it falls completely outside {y}", "this didn't overlap with {y}", "that took place outside of {y}"),
    "it before": ("it occurred before {y}", "this was completed before {y} began"),
    "it after": ("it occurred after {y}", "this began later than {y} ended"),
    "it within": ("it is completely inside {y}", "this fits within {y}"),
    "it contains": ("it subsumes {y}", "this completely encompasses {y}"),
    "it equal": ("it exactly matches {y}", "this has identical dates to {y}"),
    "class overlap": (
        "this is an instance of the overlap relation", "the relation would be overlap", "we can classify it as overlap",
        "the temporal label is overlap", "it's the overlap case", "the relationship between the events is overlap",
        "the answer class is overlap",
    ),
    "class equal": (
        "this is an instance of the equal relation", "the relation would be equal", "we can classify it as equal",
        "the temporal label is equal", "it's the equal case", "the relationship between the events is equal",
        "the answer class is equal",
    ),
    "class during": (
        "this is an instance of the during relation", "the relation would be during", "we can classify it as during",
        "the temporal label is during", "it's the during case", "the relationship between the events is during",
        "the answer class is during",
    ),
    "class mix": (
        "this is an instance of the mix relation", "the relation would be mix", "we can classify it as mix",
        "the temporal label is mix", "it's the mix case", "the relationship between the events is mix",
        "the answer class is mix",
    ),
    "answer": (
        "that makes {answers} the answer", "the answer is clearly {answers}", "so, the final answer: {answers}",
        "we can conclude that the answer is {answers}", "the answer therefore is {answers}", "{answers} is our answer",
        "the only match is {answers}", "I believe the answer is {answers}", "it follows that the answer is {answers}",
        "this makes the answer {answers}", "the right choice is {answers}",
    ),
}  # fmt: skip
