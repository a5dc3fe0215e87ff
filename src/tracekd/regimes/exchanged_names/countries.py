"""Countries: their names, and the adjectives made of them."""

from functools import cache
from typing import Literal, NamedTuple

Form = Literal["name", "adjective", "people"]

# Each line: names; adjectives; people in the plural. The first of each is written; the others are only read.
_TABLE = """
Afghanistan; Afghan; Afghans
Albania; Albanian; Albanians
Algeria; Algerian; Algerians
Argentina; Argentine, Argentinian; Argentines
Armenia; Armenian; Armenians
Australia; Australian; Australians
Austria; Austrian; Austrians
Azerbaijan; Azerbaijani; Azerbaijanis
Bangladesh; Bangladeshi; Bangladeshis
Belarus; Belarusian; Belarusians
Belgium; Belgian; Belgians
Bolivia; Bolivian; Bolivians
Bosnia and Herzegovina, Bosnia; Bosnian; Bosnians
Brazil; Brazilian; Brazilians
Bulgaria; Bulgarian; Bulgarians
Cambodia; Cambodian; Cambodians
Cameroon; Cameroonian; Cameroonians
Canada; Canadian; Canadians
Cape Verde; Cape Verdean; Cape Verdeans
Chile; Chilean; Chileans
China, People's Republic of China; Chinese; Chinese
Colombia; Colombian; Colombians
Costa Rica; Costa Rican; Costa Ricans
Croatia; Croatian; Croats
Cuba; Cuban; Cubans
Cyprus; Cypriot; Cypriots
Czech Republic, Czechia; Czech; Czechs
Denmark; Danish; Danes
Ecuador; Ecuadorian; Ecuadorians
Egypt; Egyptian; Egyptians
England; English; Englishmen
Estonia; Estonian; Estonians
Ethiopia; Ethiopian; Ethiopians
Finland; Finnish; Finns
France; French; Frenchmen
Germany, West Germany, East Germany; German, West German, East German; Germans
Ghana; Ghanaian; Ghanaians
Greece; Greek; Greeks
Guatemala; Guatemalan; Guatemalans
Haiti; Haitian; Haitians
Honduras; Honduran; Hondurans
Hungary; Hungarian; Hungarians
Iceland; Icelandic; Icelanders
India; Indian; Indians
Indonesia; Indonesian; Indonesians
Iran; Iranian; Iranians
Iraq; Iraqi; Iraqis
Ireland, Republic of Ireland; Irish; Irishmen
Israel; Israeli; Israelis
Italy; Italian; Italians
Jamaica; Jamaican; Jamaicans
Japan; Japanese; Japanese
Jordan; Jordanian; Jordanians
Kazakhstan; Kazakh, Kazakhstani; Kazakhs
Kenya; Kenyan; Kenyans
Kuwait; Kuwaiti; Kuwaitis
Latvia; Latvian; Latvians
Lebanon; Lebanese; Lebanese
Libya; Libyan; Libyans
Lithuania; Lithuanian; Lithuanians
Luxembourg; Luxembourgish; Luxembourgers
Malaysia; Malaysian; Malaysians
Mali; Malian; Malians
Malta; Maltese; Maltese
Mexico; Mexican; Mexicans
Moldova; Moldovan; Moldovans
Mongolia; Mongolian; Mongolians
Montenegro; Montenegrin; Montenegrins
Morocco; Moroccan; Moroccans
Nepal; Nepalese, Nepali; Nepalese
Netherlands; Dutch; Dutchmen
New Zealand; New Zealand; New Zealanders
Nicaragua; Nicaraguan; Nicaraguans
Nigeria; Nigerian; Nigerians
North Korea; North Korean; North Koreans
Norway; Norwegian; Norwegians
Pakistan; Pakistani; Pakistanis
Panama; Panamanian; Panamanians
Paraguay; Paraguayan; Paraguayans
Peru; Peruvian; Peruvians
Philippines; Filipino, Philippine; Filipinos
Poland; Polish; Poles
Portugal; Portuguese; Portuguese
Romania; Romanian; Romanians
Russia; Russian; Russians
Saudi Arabia; Saudi; Saudis
Scotland; Scottish; Scots
Senegal; Senegalese; Senegalese
Serbia; Serbian; Serbs
Singapore; Singaporean; Singaporeans
Slovakia; Slovak; Slovaks
Slovenia; Slovenian, Slovene; Slovenes
South Africa; South African; South Africans
South Korea; South Korean; South Koreans
Soviet Union, USSR; Soviet; Soviets
Spain; Spanish; Spaniards
Sri Lanka; Sri Lankan; Sri Lankans
Sudan; Sudanese; Sudanese
Sweden; Swedish; Swedes
Switzerland; Swiss; Swiss
Syria; Syrian; Syrians
Taiwan; Taiwanese; Taiwanese
Thailand; Thai; Thais
Tunisia; Tunisian; Tunisians
Turkey; Turkish; Turks
Ukraine; Ukrainian; Ukrainians
United Kingdom, UK, U.K., Great Britain, Britain; British; Britons
United States, United States of America, U.S., US, USA, U.S.A., America; American; Americans
Uruguay; Uruguayan; Uruguayans
Venezuela; Venezuelan; Venezuelans
Vietnam; Vietnamese; Vietnamese
Wales; Welsh; Welshmen
Yugoslavia; Yugoslav, Yugoslavian; Yugoslavs
Zimbabwe; Zimbabwean; Zimbabweans
"""
WITH_ARTICLE = frozenset(
    ("czech republic", "netherlands", "philippines", "soviet union", "united kingdom", "united states")
)
# A citizen of one of these is a citizen of the other: they are not told apart.
_WITHIN = {"England": "United Kingdom", "Scotland": "United Kingdom", "Wales": "United Kingdom"}
# The states of the United States, of Australia, and the provinces of Canada.
STATE_GROUPS = tuple(
    tuple(line.split(", "))
    for line in (
        "Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Hawaii, Idaho, Illinois, "
        "Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan, Minnesota, Mississippi, "
        "Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, North Carolina, North Dakota, Ohio, "
        "Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont, "
        "Virginia, West Virginia, Wisconsin, Wyoming",
        "Victoria, New South Wales, Queensland, Tasmania, South Australia, Western Australia",
        "Ontario, Quebec, British Columbia, Alberta, Manitoba, Saskatchewan, Nova Scotia, New Brunswick",
    )
)
STATES = frozenset(state for group in STATE_GROUPS for state in group)


class Country(NamedTuple):
    """A country: how its name, its adjective and its people are written."""

    name: str
    adjective: str
    people: str

    def written(self, form: Form) -> str:
        """The word of this country in the given form."""
        return {"name": self.name, "adjective": self.adjective, "people": self.people}[form]

    @property
    def state(self) -> str:
        """The name of the state whose citizens its people are."""
        return _WITHIN.get(self.name, self.name)


class Word(NamedTuple):
    """A word that names a country."""

    text: str
    country: Country
    form: Form


@cache
def words() -> dict[str, Word]:
    """Every word that names a country, by its spelling."""
    found: dict[str, Word] = {}
    for line in _TABLE.strip().splitlines():
        names, adjectives, people = ([word.strip() for word in part.split(",")] for part in line.split(";"))
        country = Country(names[0], adjectives[0], people[0])
        forms: tuple[tuple[Form, list[str]], ...] = (("name", names), ("adjective", adjectives), ("people", people))
        for form, spellings in forms:
            for spelling in spellings:
                found.setdefault(spelling, Word(spelling, country, form))
    return found


def word_of(text: str) -> Word | None:
    """The country that a whole text names; None if it names none."""
    text = text.strip()
    return words().get(text) or words().get(text.removeprefix("the ").removeprefix("The "))
