"""Many ways in which models state events in time, and how two times lie to each other."""

from tracekd.worlds.free_traces.developed_wide_talk import WIDE_TALK

_TIME = {
    "point": (
        "in the year {a}", "during the year {a}", "back in {a}", "at some point in {a}", "only in {a}", "as of {a}", "around {a}",
        "in or around {a}", "sometime in {a}", "for a time in {a}", "- {a}", ", in {a}", "throughout {a}",
    ),
    "span": (
        "over the period {a} to {b}", "for the period from {a} to {b}", "{a}-{b}", "from {a} right up to {b}", "during {a}–{b}",
        "in the period between {a} and {b}", "since {a} and until {b}", "from {a} on, until {b}", "in the years from {a} to {b}",
        "from the beginning in {a} to the end in {b}", "as of {a} and up to {b}", "with a start in {a} and an end in {b}",
        "(from {a} to {b})", "[{a} to {b}]", "until {b}, starting in {a}", "from {a}, and this lasted until {b}",
        "during the time span from {a} to {b}", "throughout the period {a} - {b}", ", from {a} to {b}", "within {a} to {b}",
        "for the years {a} through {b}", "starting {a}, ending {b}", "between the dates of {a} and {b}",
        "from {a} all the way to {b}",
    ),
}  # fmt: skip
WIDE_EVENTS = WIDE_TALK | _TIME | {
    "suppose": (
        "Picture {s} leaving in 1950. That would change the result.",
        "Had {s} never joined {o}, there would be nothing to compare.",
        "Let's pretend that {s} never was at {o}. Then we would have no answer.",
    ),
    "listed": (
        "{s}: {o}, {when}", "{s} - {o} ({when})", "{s} @ {o}, {when}", "{o} ({s}): {when}", "{s} | {when} | {o}",
        "{when}: {s}, {o}",
    ),
    "P39": (
        "{s} filled the role of {o} {when}", "{s} took on the office of {o} {when}", "{s} carried the title of {o} {when}",
        "{s} functioned as {o} {when}", "{o} was the position that {s} held {when}", "{s} sat as {o} {when}",
        "the person serving as {o} was {s} {when}", "{s} occupied the seat of {o} {when}", "{s} was appointed {o} {when}",
        "as {o}, {s} was in office {when}", "{s}'s service as {o} lasted {when}", "{s} did duty as {o} {when}",
    ),
    "P108": (
        "{s} had employment with {o} {when}", "{s} was hired by {o} {when}", "{s} was on the payroll of {o} {when}",
        "{s} held a position at {o} {when}", "{o} had {s} on its staff {when}", "{s} did work for {o} {when}",
        "{s} was part of the workforce of {o} {when}", "the employer of {s} was {o} {when}", "{s} had {o} as employer {when}",
        "{s} drew a salary from {o} {when}", "{s} pursued a career at {o} {when}", "{s} served at {o} {when}",
    ),
    "P102": (
        "{s} was part of the {o} {when}", "{s} had a membership in the {o} {when}", "{s} was aligned with the {o} {when}",
        "{s} represented the {o} {when}", "the {o} counted {s} among its members {when}", "{s} was enrolled in the {o} {when}",
        "{s} adhered to the {o} {when}", "{s} carried the membership card of the {o} {when}", "{s} stood for the {o} {when}",
    ),
    "P69": (
        "{s} received an education at {o} {when}", "{s} took courses at {o} {when}", "{s} did a degree at {o} {when}",
        "{s} was registered at {o} {when}", "{s} was schooled at {o} {when}", "{o} had {s} as a student {when}",
        "{s} completed studies at {o} {when}", "{s} pursued studies at {o} {when}", "{s} was in training at {o} {when}",
    ),
    "P54": (
        "{s} was a member of the team {o} {when}", "{s} was signed to {o} {when}", "{s} wore the shirt of {o} {when}",
        "{s} was in the squad of {o} {when}", "{s} turned out for {o} {when}", "{o} fielded {s} {when}",
        "{s} competed for {o} {when}",
        "{o} had {s} on its roster {when}", "the club of {s} was {o} {when}", "{s} featured for {o} {when}",
    ),
    "P127": (
        "{s} was in the possession of {o} {when}", "{o} possessed {s} {when}", "{s} was under the ownership of {o} {when}",
        "{o} had ownership of {s} {when}", "{s} was held by {o} {when}", "the proprietor of {s} was {o} {when}",
        "{s} had {o} as its owner {when}", "{o} controlled {s} {when}",
    ),
    "P488": (
        "{s} was the chairperson of {o} {when}", "{s} was chairman of {o} {when}", "{s} acted as chair for {o} {when}",
        "{o} was chaired by {s} {when}", "{s} took the chair of {o} {when}", "{o} had {s} as chair {when}",
        "{s} headed up {o} {when}",
    ),
    "P6": (
        "{s} was leader of {o} {when}", "{o} was headed by {s} {when}", "{s} was at the helm of {o} {when}",
        "{s} governed {o} {when}",
        "{s} served as head of {o} {when}", "{o} had {s} as head {when}", "{s} was in command of {o} {when}",
    ),
    "noun subject P39": ("{s}'s time in the position", "the period of office of {s}", "{s}'s incumbency"),
    "noun both P39": ("the time {s} spent as {o}", "{s}'s service as {o}", "when {s} was {o}", "{s}'s mandate as {o}"),
    "noun subject P108": ("{s}'s working time", "the job of {s}"),
    "noun both P108": (
        "the employment of {s} at {o}", "{s}'s years with {o}", "the time {s} spent at {o}", "{s}'s engagement at {o}",
    ),
    "noun subject P102": ("{s}'s time as a member", "the membership of {s}"),
    "noun both P102": ("{s}'s affiliation with the {o}", "the time {s} was in the {o}", "{s} belonging to the {o}"),
    "noun subject P69": ("{s}'s time as a student", "{s}'s education"),
    "noun both P69": ("{s}'s studies at {o}", "the time {s} studied at {o}", "{s}'s enrolment at {o}", "{s} studying at {o}"),
    "noun subject P54": ("{s}'s time on the team", "the stint of {s}"),
    "noun both P54": ("{s}'s time with {o}", "the period of {s} at {o}", "{s} being at {o}", "{s}'s contract with {o}"),
    "noun subject P127": ("{s}'s time in these hands", "the ownership of {s}"),
    "noun both P127": ("{o}'s ownership of {s}", "{s} belonging to {o}", "the time {o} owned {s}"),
    "noun subject P488": ("{s}'s time as chair", "the chairmanship of {s}"),
    "noun both P488": ("the chairmanship of {s} at {o}", "{s}'s time at the head of {o}", "{s} as chair of {o}"),
    "noun subject P6": ("{s}'s time as head", "the leadership of {s}"),
    "noun both P6": ("the leadership of {s} in {o}", "{s} leading {o}", "{s} at the head of {o}"),
    "overlaps": (
        "{x} and {y} are overlapping", "{x} coincides partially with {y}", "{x} took place at the same time as {y}",
        "{x} and {y} were simultaneous in part", "{x} runs alongside {y}", "{x} and {y} are concurrent",
        "the interval of {x} intersects that of {y}", "{x} happened while {y} was going on", "the dates of {x} and {y} overlap",
        "{x} and {y} have an overlap", "{x} was going on during {y}", "there was a time when both {x} and {y} were going on",
        "{x} has some overlap with {y}", "{x} and {y} share a stretch of time", "{x} cuts into {y}", "{x} and {y} meet in time",
        "{x} and {y} happen simultaneously",
    ),
    "apart": (
        "{x} and {y} are disjoint", "{x} and {y} do not coincide", "{x} has no overlap with {y}", "{x} and {y} have no overlap",
        "{x} and {y} are entirely separate in time", "{x} doesn't intersect {y}", "at no time did {x} overlap with {y}",
        "{x} took place at another time than {y}", "{x} and {y} are not concurrent", "{x} lies outside {y}",
        "no overlap exists between {x} and {y}",
        "{x} and {y} never overlap", "{x} was not during {y}", "{x} fails to overlap {y}", "the times of {x} and {y} do not meet",
        "{x} and {y} do not share any time",
    ),
    "before": (
        "{x} was already over when {y} began", "{x} preceded {y}", "{x} finished prior to the start of {y}",
        "{x} ends before {y} starts",
        "{x} comes before {y}", "{x} took place earlier than {y}", "{x} was complete before {y} got going",
        "{x} had ended by the time {y} started",
        "{y} came after {x}", "{y} only began after {x}", "{x} is entirely before {y}",
        "the end of {x} is before the start of {y}",
        "{x} terminated before {y} commenced", "{x} is earlier in time than {y}",
    ),
    "after": (
        "{x} succeeded {y}", "{x} came after {y}", "{x} begins after the end of {y}", "{y} was already over when {x} began",
        "{x} took place later than {y}", "{x} postdates {y}", "{y} came before {x}", "{x} starts after {y} ends",
        "{x} is entirely after {y}",
        "{x} commenced after {y} had concluded", "{x} is later in time than {y}", "{x} did not begin until {y} had ended",
        "by the time {x} started, {y} had ended",
    ),
    "within": (
        "{x} is contained in {y}", "{x} fits inside {y}", "{x} is fully covered by {y}", "{x} happened within {y}",
        "{x} sits inside {y}", "{y} spans {x}", "{x} occurred entirely during {y}", "{y} fully contains {x}",
        "{x} is nested in {y}",
        "{x} is embedded in {y}", "{x} falls wholly within {y}", "{x} is included in {y}",
    ),
    "contains": (
        "{x} spans {y}", "{x} fully includes {y}", "{y} falls within {x}", "{x} comprises {y}", "{x} surrounds {y}",
        "{y} is contained in {x}",
        "{x} completely covers {y}", "{x} stretches over all of {y}", "{y} lies inside {x}", "{x} embraces {y}",
        "{x} extends over {y}",
    ),
    "equal": (
        "{x} and {y} cover exactly the same period", "{x} started and ended together with {y}", "{x} and {y} coincide exactly",
        "{x} is identical in time to {y}", "{x} and {y} have the same start and the same end",
        "{x} and {y} took place at exactly the same time",
        "the dates of {x} equal those of {y}", "{x} and {y} are the same in time", "{x} spans exactly the same dates as {y}",
        "{x} began and ended at the same time as {y}", "{x} and {y} match perfectly",
    ),
    "it overlaps": (
        "that overlaps {y}", "it runs alongside {y}", "this happened while {y} was going on", "it intersects with {y}",
        "this coincides partially with {y}",
    ),
    "it apart": (
        "that has no overlap with {y}", "it doesn't intersect {y}", "it was not during {y}", "this lies outside {y}",
        "it never overlaps {y}",
    ),
    "it before": (
        "it preceded {y}", "this comes before {y}", "it finished prior to the start of {y}", "that ends before {y} starts",
    ),
    "it after": ("it succeeded {y}", "this starts after {y} ends", "that begins after the end of {y}", "it postdates {y}"),
    "it within": (
        "it is included in {y}", "this fits inside {y}", "that is fully covered by {y}", "this occurred entirely during {y}",
    ),
    "it contains": ("it spans {y}", "that fully includes {y}", "this completely covers {y}", "it surrounds {y}"),
    "it equal": (
        "it began and ended at the same time as {y}", "this coincides with {y} exactly",
        "that spans exactly the same dates as {y}",
    ),
    **{
        f"class {one}": (
            f"the relation type is {one}", f"it is an instance of {one}", f"the temporal relation here is '{one}'",
            f"this falls under the {one} category", f"I classify this as {one}", f"the relationship counts as {one}",
            f"the class is {one}", f"hence the label: {one}", f"we have a case of {one}", f"the correct class is {one}",
        )
        for one in ("overlap", "equal", "during", "mix")
    },
    "answer": (
        "this gives {answers} as the answer", "we get {answers} as the answer", "I'd answer {answers}", "the result is {answers}",
        "our answer is {answers}", "the solution is {answers}", "the answer has to be {answers}",
        "it is {answers} that answers the question",
        "that leaves {answers}", "the correct response is {answers}", "I arrive at {answers}", "I'll go with {answers}",
        "the answer we want is {answers}", "the answer to the question is {answers}", "Result: {answers}",
        "this points to {answers}", "so it's {answers}", "my answer: {answers}", "Conclusion: {answers}",
    ),
}  # fmt: skip
