"""Twenty free traces over made-up passages, as reasoning models write them; each statement is judged as a reader would.

They stand in `passage_traces.txt`: after `===` the context, the question, and the letters of the statements (see
`conftest`; `x` is a claim that the rules do not read, which is never an error), and below them the trace. They have wrong
statements, wrong answers, guesses, lists, and talk about passages.
"""

from pathlib import Path

import pytest

QUARTET = (
    "Marlow Quartet: The Marlow Quartet was a British string quartet founded in 1962 by violinist Anna Tindall.",
    "Marlow Quartet: It disbanded in 1988 after more than 900 concerts.",
    "Anna Tindall: Anna Tindall (3 March 1931 – 14 June 2004) was an English violinist and teacher.",
    "Anna Tindall: She was born in Norwich and studied at the Royal Academy of Music.",
    "Anna Tindall: In 1979 she received the Harlow Medal.",
    "Georg Amsel: Georg Amsel (born 12 May 1940) is an Austrian conductor.",
    "Georg Amsel: He led the Brenner Orchestra from 1975 to 1991.",
    "Brenner Orchestra: The Brenner Orchestra is an orchestra based in Innsbruck, Austria.",
    "Brenner Orchestra: It has 84 musicians and was conducted by Georg Amsel for sixteen years.",
    "Silver Meridian: Silver Meridian is a 1971 film directed by Paula Renn and starring Hugo Stein.",
    "Silver Meridian: Its music was written by Georg Amsel.",
    "Paula Renn: Paula Renn was a Swiss film director.",
    "Paula Renn: She died in 1999 in Geneva.",
)
BRIDGE = (
    "The Glass Ferry: The Glass Ferry is a 1956 comedy film directed by Otto Lindqvist and written by Maria Keel.",
    "The Glass Ferry: The film was shot in Velden and premiered on 9 October 1956.",
    "Otto Lindqvist: Otto Lindqvist was a Swedish film director and the brother of the painter Sven Lindqvist.",
    "Otto Lindqvist: He was born in Tavia in 1911 and made twelve films.",
    "Otto Lindqvist: He never won the Golden Heron.",
    "Maria Keel: Maria Keel (1920–2001) was a Danish novelist and screenwriter.",
    "Maria Keel: Her novel The Salt Road sold 300,000 copies.",
    "Tavia: Tavia is a town in the north of the country.",
    "Tavia: It lies on the river Sarn and has 14,250 inhabitants.",
    "Velden: Velden is a town on the coast.",
    "Velden: Its lighthouse was completed in 1874 by Jonas Weir.",
    "Paper Moon Rising: Paper Moon Rising is a 1949 drama film directed by Maria Keel.",
)
LAKE = (
    "Lake Orrin: Lake Orrin lies in the hills of Tavia. The village of Denn stands on its north shore. It is 38 metres deep.",
    "Denn: Denn is a village of fishers with 640 inhabitants. Its bell tower was cast and built in 1703 by Hans Brandt.",
    "Orrin Cup: The Orrin Cup is a regatta held every June since 1921. In 1998 it was won by Lena Vance.",
    "Tavia: Tavia is a province in the north. Its capital is Maren, on the banks of the Sarn.",
    "Hans Brandt: Hans Brandt was a German bell founder. He died in Maren in 1741, at the age of 68.",
)
EGGS = (
    "A soft-boiled egg has a firm white and a runny yolk. Eat it warm.",
    "Lay the eggs in boiling water. A large egg is hard-boiled in 12 minutes. Cool it in ice water for five minutes.",
    "Fresh eggs are hard to peel. Older ones, a week or so, come off clean.",
    "A cup of coffee has about 95 mg of caffeine. The Brewers Guild of Maren recommends 10 grams of coffee per cup.",
    "Hard-boiled eggs keep for one week in the refrigerator. The Poultry Board was founded in 1936 by Ruth Hadley.",
)
CONTEXTS = {"QUARTET": QUARTET, "BRIDGE": BRIDGE, "LAKE": LAKE, "EGGS": EGGS}
TASKS = {"QUARTET": "hotpotqa", "BRIDGE": "2wikimultihopqa", "LAKE": "musique", "EGGS": "msmarco"}
TRACES = Path(__file__).with_name("passage_traces.txt").read_text(encoding="utf-8").split("=== ")[1:]


@pytest.mark.parametrize("written", TRACES)
def test_each_statement_of_a_free_trace_is_judged(written, judging, short):
    head, _, trace = written.partition("\n")
    context, question, expected = head.split(" | ")
    assert short(judging(TASKS[context], question, CONTEXTS[context])(trace)) == expected


def test_there_are_twenty():
    assert len(TRACES) == 20
