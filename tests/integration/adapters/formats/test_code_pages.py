"""Text in the code page of another system is refused by name, and that of Western Europe is read."""

# ruff: noqa: RUF001 - names and signs as they are written

from __future__ import annotations

import codecs

import pytest

from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import read

WESTERN = {
    "French": "Hélène François Zoé Noël Jérôme Benoît Anaïs Chloé Gaëlle Rémi Loïc Thérèse Étienne Célia "
    "André Agnès Œuvray",
    "German": "Jürgen Müller Björn Günther Käthe Groß Strauß Jäger Schröder Köln Düsseldorf Weiß Bäcker "
    "Schäfer Löwe Krüger",
    "Spanish": "José Núñez María Peña Ángel Muñoz Íñigo García Ramón Óscar Úrsula Martínez Hernández López "
    "Sofía Verónica",
    "Portuguese": "João Conceição Antônio Gonçalves Luís Inês Simões Araújo Magalhães Mário Brandão Assunção "
    "Zélia Simão",
    "Swedish": "Åsa Björk Malmö Sjöberg Ström Håkan Göran Sjögren Åkesson Märta Växjö Öberg Lindström "
    "Nyström Mårten Älg",
    "Danish": "Søren Kjær Bjørn Møller Åse Nørgård Jørgensen Sørensen Kjærsgaard Bødker Lærke Ærø Østergård Rødby Mørk",
    "Italian": "Nicolò Forlì Cantù Niccolò Mondovì Patanè Salò Dalmà Bovè Camarò Cefalù Bardonè Viganò Macrì Foà Donà",
    "Icelandic": "Guðrún Sigríður Þór Ásgeir Ólöf Friðrik Hjördís Þorbjörg Æsa Sæmundur Vilhjálmur Björgvin "
    "Snæfríður Ösp",
    "Apostrophes": "don’t we’ll it’s they’ve you’re Jones’s rock’n’roll Dell’Acqua aujourd’hui quelqu’un jusqu’ici "
    "entr’acte grand’mère presqu’île dell’acqua quest’anno mezz’ora senz’altro dov’era 9–17 Anne–Marie",
    "English": "O’Brien D’Angelo “Bob” Acme® Widget™ 20°C 12µm ½cup €uro A–B wait…what Zoë naïve £5 N°4 "
    "café résumé señor",
}
OTHERS = {
    ("Polish", "cp1250"): "Łukasz Małgorzata Paweł Wałęsa Żaneta Świątek Gdańsk Stanisław Michał Łódź Grażyna Wójcik "
    "Święch",
    ("Czech", "cp1250"): "Dvořák Jiří Tomáš Růžena Štěpán Žižka Ondřej Kateřina Šárka Bartoš Kučera Němec Černý "
    "Hájek Říha Kříž",
    ("Hungarian", "cp1250"): "Erdős Szőke Fűzfa Győr Őri Kőszegi Csűrös Bődi Hegedűs Fűtő Tőzsér Zsófi Péterfő Gyűrű "
    "Mező Szűcs",
    (
        "Polish",
        "iso8859-2",
    ): "Łukasz Małgorzata Paweł Wałęsa Żaneta Świątek Gdańsk Stanisław Michał Łódź Grażyna Wójcik",
    ("Turkish", "cp1254"): "Ayşe Işık Doğan Şahin Yıldız Yağmur Barış Aydın Şükrü Tuğba Kılıç Altınışık Başak Ertuğrul "
    "Eşref Şimşek",
    ("French", "mac-roman"): "Hélène François Zoé Noël Jérôme Benoît Anaïs",
    ("German", "mac-roman"): "Jürgen Müller Björn Günther Käthe Groß Jäger",
    ("Spanish", "mac-roman"): "José",
    ("few Czech names", "cp1250"): "Jiří Dvořák Němec",
    ("few Turkish names", "cp1254"): "Ayşe Işık Barış Yıldız",
    ("Spanish names", "mac-roman"): "García Muñoz Martín Núñez María Peña",
    ("French", "cp850"): "Hélène François Zoé Noël Jérôme Benoît Anaïs",
    ("German", "cp850"): "Jürgen Müller Björn Günther Käthe Groß Jäger",
    ("Spanish", "cp850"): "José",
    ("Polish word", "cp1250"): "Łukasz",
    ("Russian", "cp1251"): "Иван Ольга Сергей Наталья Дмитрий",
    ("Russian", "koi8-r"): "Иван Ольга Сергей Наталья Дмитрий",
    ("Greek", "cp1253"): "Γιώργος Νίκος Παπαδόπουλος",
    ("Japanese", "shift_jis"): "田中太郎 山田花子 鈴木一郎 東京都 佐藤さくら",
    ("Chinese", "gb18030"): "王小明 李华 北京市 张伟 上海",
    ("Korean", "cp949"): "김철수 이영희 서울 박지성",
}

SHORT = {
    ("Hungarian", "cp1250"): "Erdős Szűcs Győr Kőszegi Török Kádár",
    ("Czech", "cp1250"): "Tomáš Kučera Procházka Růžička Veselý Plzeň",
    ("Slovak", "cp1250"): "Ján Kováč Baláž Trenčín Piešťany Dušan",
    ("Polish", "cp1250"): "Kraków Poznań Paweł Wójcik Michał Rzeszów",
    ("Croatian", "cp1250"): "Kovačić Babić Željko Knežević Čakovec Šimić",
    ("Slovene", "cp1250"): "Matjaž Kovačič Kočevje Črnomelj Boštjan Žan",
    ("Romanian", "cp1250"): "Ionuţ Mădălina Braşov Stănescu Galaţi Ştefan",
    ("Latvian", "cp1257"): "Jānis Bērziņš Kristīne Rīga Kļaviņa Šmits",
    ("Lithuanian", "cp1257"): "Žemaitis Jūratė Kęstutis Šiauliai Dovilė Rūta",
    ("Estonian", "cp1257"): "Tšernobõl Žanna Kõiv Mägi Pärn Šmidt",
    ("Turkish", "cp1254"): "Ayşe Doğan Çağla Işık Öztürk Müge",
    ("Latvian", "iso8859-13"): "Jānis Bērziņš Kristīne Rīga Kļaviņa Šmits",
    ("Hungarian", "iso8859-2"): "Erdős Szűcs Győr Kőszegi Török Kádár",
    ("Czech and German", "cp1250"): "Jiří Müller Růžička Jäger Němec Dvořák",
}
SHORT_WESTERN = {
    "German": "Jürgen Müller Groß",
    "French": "Hélène Benoît Brûlé Évêque",
    "Spanish": "Ibáñez Núñez Peña Logroño",
    "Spanish with Catalan": "Pallarès González Perelló Muñoz Àngels Núria Sebastián Jordán Gómez Téllez César Coruña "
    "Inés Josué Juárez Sánchez",
    "Portuguese": "Simões Conceição Antônio",
    "Italian": "Nicolò Forlì Cantù",
    "Swedish": "Åsa Björk Malmö",
    "Norwegian": "Bjørn Åse Færøvik",
    "Finnish": "Mäkelä Hämäläinen Työläjärvi",
    "Icelandic": "Guðrún Þór Sigríður",
    "Faroese": "Høgni Tórshavn Bárður",
    "Dutch": "Daniël Zoë Renée",
    "Irish": "hÉadhnú Seán Ó Ciarán",
    "Estonian": "Kõiv Mägi Põder Ülle",
    "French, Spanish and German": "Hélène José Müller Muñoz Benoît Groß",
    "Danish and Spanish": "Søren José Åse Ibáñez",
}


def people(words: str) -> str:
    rows = [f"p{n}@example.com,{word},{n}" for n, word in enumerate(words.split() * 6)]
    return "\n".join(["email,first_name,points", *rows, ""])


@pytest.mark.parametrize("language", WESTERN)
def test_words_of_western_europe_are_read_as_windows_1252(language: str) -> None:
    found = read(people(WESTERN[language]).encode("cp1252", "ignore"))

    assert found.result.notes["encoding"] == "Windows-1252"
    assert len(found.rows) == 6 * len(WESTERN[language].split())


@pytest.mark.parametrize(("language", "codec"), OTHERS)
def test_words_in_another_code_page_refuse_the_file_and_are_read_when_it_is_named(language: str, codec: str) -> None:
    text = people(OTHERS[language, codec])

    with pytest.raises(FileRejectedError, match="no UTF-8") as raised:
        read(text.encode(codec))
    found = read(text.encode(codec), encoding=codec)

    assert raised.value.code == "encoding_unknown"
    assert [row[1] for row in found.values.values()] == OTHERS[language, codec].split() * 6


@pytest.mark.parametrize(("language", "codec"), SHORT)
def test_a_few_names_in_another_code_page_refuse_the_file(language: str, codec: str) -> None:
    rows = [f"p{n}@example.com,{word}" for n, word in enumerate(SHORT[language, codec].split())]

    with pytest.raises(FileRejectedError, match="it is likely") as raised:
        read("\n".join(["email,first_name", *rows, ""]).encode(codec))

    assert raised.value.code == "encoding_unknown"


@pytest.mark.parametrize("language", SHORT_WESTERN)
def test_a_few_names_of_western_europe_are_read(language: str) -> None:
    words = SHORT_WESTERN[language].split()
    rows = [f"p{n}@example.com,{word}" for n, word in enumerate(words)]

    found = read("\n".join(["email,first_name", *rows, ""]).encode("cp1252"))

    assert [row[1] for row in found.values.values()] == words


@pytest.mark.parametrize(
    ("words", "codec", "named"),
    [
        (OTHERS["Polish", "cp1250"], "cp1250", "windows-1250"),
        (OTHERS["Czech", "cp1250"], "cp1250", "windows-1250"),
        (OTHERS["French", "mac-roman"], "mac-roman", "mac_roman"),
        (OTHERS["French", "cp850"], "cp850", "cp850"),
        (OTHERS["Russian", "cp1251"], "cp1251", "windows-1251"),
        (OTHERS["Japanese", "shift_jis"], "shift_jis", "shift_jis"),
    ],
)
def test_the_refusal_names_the_likely_code_pages(words: str, codec: str, named: str) -> None:
    with pytest.raises(FileRejectedError, match=f"it is likely .*{named}.*file.encoding"):
        read(people(words).encode(codec))


def test_bytes_without_a_meaning_in_windows_1252_refuse_the_file() -> None:
    rows = b"".join(b"p%d@example.com,Zo\xeb \x81\n" % n for n in range(9))

    with pytest.raises(FileRejectedError, match="mean nothing in Windows-1252"):
        read(b"email,n\n" + rows)


def test_damage_to_a_text_in_an_encoding_of_several_bytes_costs_its_row_only() -> None:
    rows = [f"p{n}@example.com,田中\n".encode("shift_jis") for n in range(60)]
    rows[7] = b"p7@example.com,\x93\n"

    found = read(b"email,n\n" + b"".join(rows), encoding="shift_jis")

    assert found.reasons == {9: "row_encoding"}
    assert found.values[2] == ["p0@example.com", "田中"]


MANY_SCRIPTS = "José Zoë Müller Łukasz Žižka “Q” 8–9 田中 Иван"


def written_twice(text: str) -> bytes:
    """UTF-8 that a program took for Windows-1252 and saved as UTF-8."""
    undefined = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
    taken = (chr(byte) if byte in undefined else bytes([byte]).decode("cp1252") for byte in text.encode())
    return "".join(taken).encode()


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
@pytest.mark.parametrize("words", ["José Zoë Müller", MANY_SCRIPTS])
def test_utf_8_that_was_written_twice_refuses_the_file_unless_it_is_named(mark: bytes, words: str) -> None:
    body = mark + written_twice(people(words))

    with pytest.raises(FileRejectedError, match="once more") as raised:
        read(body)

    assert raised.value.code == "encoding_unknown"
    assert len(read(body, encoding="utf-8").rows) == 6 * len(words.split())


def test_a_few_values_that_were_written_twice_do_not_refuse_the_others() -> None:
    twice = written_twice("José").decode()

    found = read("\n".join(["email,name", *(f"p{n}@example.com,Zoë" for n in range(9)), f"x@example.com,{twice}"]))

    assert len(found.rows) == 10
