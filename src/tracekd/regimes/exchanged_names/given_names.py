"""Common first names: they tell a person, and whether it is a woman."""

WOMEN = frozenset(
    (
        "mary anna anne ann elizabeth margaret alice julia julie emma emily sarah sara jane jean helen ruth rose laura linda "
        "susan barbara jennifer jessica patricia nancy karen lisa betty dorothy sandra kimberly donna carol michelle "
        "amanda melissa deborah debra stephanie rebecca sharon cynthia kathleen amy angela shirley brenda pamela nicole "
        "katherine katharine catherine christine christina samantha debbie janet carolyn caroline rachel heather diane diana "
        "virginia joyce victoria kelly lauren joan evelyn olivia judith megan cheryl andrea hannah martha jacqueline frances "
        "gloria teresa theresa kathryn janice marie madison doris abigail amber grace denise marilyn beverly danielle isabel "
        "isabella sophia sophie charlotte natalie brittany diana kayla alexis lori lucy lilla lillian lily maria marta eva "
        "eve eleanor ellen edith agnes clara florence geraldine goldie greta ingrid irene ida josephine kate katie kirsten "
        "lena lana louise mabel maggie marion martina mia miriam molly monica naomi nina nora olga paula penelope petra "
        "phyllis priscilla renee rita rosa roxanne sally sheila shelley simone sonia stella sylvia tanya terri tina tracy "
        "ursula valerie vera vanessa vivian wendy yvonne zoe zoey meryl meg bette ava audrey blanche claire claudia daisy "
        "dana dolores elena elsa esther fiona gina gwen hazel hilary ivy jill jodie juliet keira leslie lois lucille mae "
        "mildred minnie myrtle norma pauline peggy ramona renata sigrid tess thelma trudy viola wilma winifred yoko amelia "
        "angelina cate demi faye glenn halle janelle kristen lindsay mila miley natasha oprah reese "
        "salma scarlett sigourney tilda uma whoopi winona empress queen lady"
    ).split()
)
MEN = frozenset(
    (
        "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald "
        "steven stephen paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey jeff ryan jacob gary "
        "nicholas eric jonathan larry justin scott brandon benjamin samuel gregory alexander frank patrick raymond jack "
        "dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle walter ethan jeremy harold keith "
        "christian roger noah gerald terry sean austin arthur lawrence jesse dylan bryan joe billy bruce albert "
        "willie gabriel logan alan juan wayne roy ralph randy eugene vincent russell louis bobby philip phillip johnny "
        "bradley fred frederick freddie ernest ernst martin max mike milan neil nigel oliver oscar otto pedro pierre quentin "
        "rafael ray reginald rex rudolf rupert simon stanley steve stuart theodore tim tom tony victor vladimir wes wolfgang "
        "abel adolf adrian akira al alfred ali andre andy antonio barry ben bernard bert bill bob boris brad carl carlos cecil "
        "clarence claude clint colin craig dale dan dave dean dick dominic don doug duncan earl ed eddie edgar edmund edwin "
        "elijah elliott elvis emil enrique felix francis francisco franz fritz geoff geoffrey gilbert giovanni giuseppe glen "
        "gordon graham grant greg guido guy hans harry harvey herbert herman howard hugh hugo ian igor ivan jake jean-paul jim "
        "jimmy johann jon jorge karl ken kurt lance lee leo leon leonard lewis liam lloyd luc luis luke marc marcel marco "
        "mario marshall marvin mel miguel mikhail milton mohammed mohammad muhammad morgan ned nick nicolas norman orson "
        "pablo perry pete phil ramon randolph raul rene rick rob rod rodney roland roman ronnie ross ruben sam sergei seth "
        "sidney stefan stewart sylvester ted terence todd toby trevor umberto vince virgil warren willem yuri"
    ).split()
)
