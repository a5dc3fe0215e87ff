"""Further ways to state events in time. The grammars were measured on them once before they were developed on them."""

FURTHER_EVENTS = {
    "suppose": (
        "If we assume that {s} had quit earlier, things would change.", "Say {s} had left. Then the result differs.",
    ),
    "listed": ("{s} -- {o}: {when}", "{s}: {o} {when}", "{o}: {s} ({when})", "• {s}, {o}, {when}"),
    "P39": (
        "{s} was in the role of {o} {when}", "{s} worked as {o} {when}", "{s} was the {o} {when}",
        "{s} had a term as {o} {when}", "{s} was elected as {o} and served {when}", "{s} was acting as {o} {when}",
        "{s}'s tenure as {o} spanned {when}", "{s} was installed as {o} {when}", "the office of {o} belonged to {s} {when}",
        "{s} was sworn in as {o} and stayed {when}",
    ),
    "P108": (
        "{s} was a worker at {o} {when}", "{s} had a position with {o} {when}", "{s} was with {o} {when}",
        "{s} was an employee at {o} {when}", "{s} spent {when} at {o}", "{s}'s employment at {o} was {when}",
        "{s} was contracted by {o} {when}", "{s} worked in {o} {when}",
    ),
    "P102": (
        "{s} was a {o} member {when}", "{s} joined the {o} and stayed {when}", "{s} sat with the {o} {when}",
        "{s}'s political party was the {o} {when}", "{s} was active in the {o} {when}",
        "{s} held membership in the {o} {when}",
    ),
    "P69": (
        "{s} was a {o} student {when}", "{s} did studies at {o} {when}", "{s} trained at {o} {when}",
        "{s} got an education from {o} {when}", "{s} went to school at {o} {when}", "{s} learned at {o} {when}",
        "{s} was taught at {o} {when}",
    ),
    "P54": (
        "{s} was a {o} player {when}", "{s} was on {o}'s roster {when}", "{s} was a part of {o} {when}",
        "{s} played as a member of {o} {when}", "{s} had a spell at {o} {when}", "{s} suited up for {o} {when}",
        "{s} was at {o} {when}",
    ),
    "P127": (
        "{s} was under {o}'s ownership {when}", "{o} was in possession of {s} {when}",
        "ownership of {s} lay with {o} {when}", "{o} held {s} {when}", "{s} had as owner {o} {when}",
    ),
    "P488": (
        "{s} had the chair of {o} {when}", "{s} was serving as the chair of {o} {when}", "{s} led {o} as chair {when}",
        "the chairperson of {o} was {s} {when}", "{s} held the chairmanship of {o} {when}",
    ),
    "P6": (
        "{s} was in office as head of {o} {when}", "{s} was the leader of {o} {when}",
        "{s} led the government of {o} {when}", "{o} was led by {s} {when}", "{s} presided as head of {o} {when}",
    ),
    "noun subject P39": ("the tenure held by {s}", "{s}'s stint"),
    "noun both P39": (
        "{s}'s tenure in the role of {o}", "the term of {s} as {o}", "the period when {s} was {o}", "{s}'s role as {o}",
    ),
    "noun subject P108": ("{s}'s job", "{s}'s employment period"),
    "noun both P108": (
        "{s}'s tenure at {o}", "the period {s} worked at {o}", "{s}'s stretch at {o}", "{s} being employed by {o}",
    ),
    "noun subject P102": ("{s}'s party membership",),
    "noun both P102": ("{s}'s time with the {o}", "the period of {s} in the {o}", "{s}'s stay in the {o}"),
    "noun subject P69": ("{s}'s schooling",),
    "noun both P69": ("{s}'s attendance of {o}", "{s}'s time studying at {o}", "the studies of {s} at {o}"),
    "noun subject P54": ("{s}'s career there",),
    "noun both P54": ("{s}'s tenure with {o}", "{s}'s years playing for {o}", "the time of {s} with {o}"),
    "noun subject P127": ("{s}'s ownership",),
    "noun both P127": ("the holding of {s} by {o}", "{o} holding {s}"),
    "noun subject P488": ("{s}'s chair period",),
    "noun both P488": ("{s}'s role as chair of {o}", "the time {s} chaired {o}"),
    "noun subject P6": ("{s}'s rule",),
    "noun both P6": ("{s}'s tenure as head of {o}", "the time {s} led {o}"),
    "overlaps": (
        "{x} is overlapping with {y}", "{x} shares a period with {y}", "{x} overlaps in time with {y}",
        "the period of {x} overlaps that of {y}", "{x} occurs at the same time as {y}", "{x} was concurrent with {y}",
        "{x} and {y} partially overlap", "{x} and {y} are at the same time, at least in part",
        "{x} has a common period with {y}", "{x} is simultaneous with {y}", "there is overlap between {x} and {y}",
        "{x} and {y} do overlap", "{x} intersects {y}", "{x} extends into {y}",
    ),
    "apart": (
        "{x} and {y} don't overlap", "{x} is completely separate from {y}", "{x} shares no period with {y}",
        "{x} and {y} are non-overlapping", "{x} does not fall within {y}", "{x} and {y} did not happen at the same time",
        "{x} doesn't coincide with {y}", "there's no intersection between {x} and {y}", "{x} and {y} have zero overlap",
        "{x} is not concurrent with {y}", "{x} isn't during {y}", "{x} occurred outside {y}",
        "{x} does not intersect with {y}", "neither {x} nor {y} overlaps the other",
    ),
    "before": (
        "{x} is earlier than {y}", "{x} had finished before {y} began", "{x} came first, before {y}",
        "{x} happened prior to {y}", "{x} ends earlier than {y} starts", "{x} stopped before {y} started",
        "{x} falls before {y}", "{x} took place before {y}", "{x} was done by the time {y} began",
        "{x} ended well before the start of {y}", "{y} starts after {x} ends", "{x} concluded prior to {y}",
    ),
    "after": (
        "{x} is later than {y}", "{x} only started after {y} finished", "{x} takes place after {y}",
        "{x} started later than {y} ended", "{x} is subsequent to {y}", "{x} falls after {y}",
        "{x} begins when {y} is already over", "{y} ended before {x} started", "{y} was finished before {x} began",
        "{x} occurs after {y}", "{x} starts well after the end of {y}", "{y} precedes {x}",
    ),
    "within": (
        "{x} is within {y}", "{x} occurs within {y}", "{x} falls entirely within the span of {y}", "{x} is a subset of {y}",
        "{x} happened during {y}", "{x} is encompassed by {y}", "{x} lies completely inside {y}",
        "{x} is contained within {y}", "{y} covers all of {x}", "{x} takes place fully within {y}", "{y} includes {x}",
    ),
    "contains": (
        "{x} entirely contains {y}", "{x} encompasses all of {y}", "{y} is within {x}", "{y} occurs during {x}",
        "{x} covers the whole of {y}", "{x} spans the entire duration of {y}", "{y} is a subset of {x}",
        "{x} contains all of {y}", "{x} fully spans {y}",
    ),
    "equal": (
        "{x} and {y} have the exact same dates", "{x} is at the exact same time as {y}", "{x} matches {y} in time",
        "{x} and {y} are equal in time", "{x} and {y} began and ended at the same time",
        "{x} and {y} are exactly the same period", "{x} exactly coincides with {y}",
        "{x} and {y} share the same start and end", "the dates of {x} are identical to those of {y}",
    ),
    "it overlaps": (
        "this is concurrent with {y}", "it occurs at the same time as {y}", "that partially overlaps {y}",
        "it shares a period with {y}", "this happened at the same time as {y}",
    ),
    "it apart": (
        "this does not intersect {y}", "that isn't during {y}", "it is completely separate from {y}",
        "it doesn't overlap with {y}", "this shares no period with {y}",
    ),
    "it before": (
        "this happened prior to {y}", "it had finished before {y} began", "that is earlier than {y}",
        "it took place before {y}",
    ),
    "it after": (
        "this is subsequent to {y}", "it is later than {y}", "this only started after {y} finished",
        "it takes place after {y}",
    ),
    "it within": ("this is within {y}", "it happened during {y}", "that is a subset of {y}", "it is contained within {y}"),
    "it contains": ("this encompasses all of {y}", "it entirely contains {y}", "that covers the whole of {y}"),
    "it equal": ("this is at the exact same time as {y}", "it matches {y} in time", "that exactly coincides with {y}"),
    "class overlap": (
        "the relation between the two is overlap", "so the temporal class should be overlap", "this is the overlap type",
        "the type here is overlap", "the temporal relationship is of type overlap", "that makes it a overlap relation",
        "relation: overlap", "the classification is overlap", "it belongs to the overlap class",
    ),
    "class equal": (
        "the relation between the two is equal", "so the temporal class should be equal", "this is the equal type",
        "the type here is equal", "the temporal relationship is of type equal", "that makes it a equal relation",
        "relation: equal", "the classification is equal", "it belongs to the equal class",
    ),
    "class during": (
        "the relation between the two is during", "so the temporal class should be during", "this is the during type",
        "the type here is during", "the temporal relationship is of type during", "that makes it a during relation",
        "relation: during", "the classification is during", "it belongs to the during class",
    ),
    "class mix": (
        "the relation between the two is mix", "so the temporal class should be mix", "this is the mix type",
        "the type here is mix", "the temporal relationship is of type mix", "that makes it a mix relation", "relation: mix",
        "the classification is mix", "it belongs to the mix class",
    ),
    "answer": (
        "the answer should be {answers}", "therefore the answer: {answers}", "so our final answer will be {answers}",
        "{answers} would be the answer", "I conclude the answer is {answers}", "thus, {answers} is the correct answer",
        "we conclude with {answers}", "final: {answers}", "**{answers}** is the answer",
        "the correct answer here is {answers}", "so the answer must be {answers}", "answer → {answers}",
        "that means the answer is {answers}", "I would go with {answers}", "the answer: \\boxed{{{answers}}}",
        "we arrive at {answers} as the final answer", "hence the correct one is {answers}",
    ),
}  # fmt: skip
