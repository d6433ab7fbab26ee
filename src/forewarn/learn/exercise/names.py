"""The invented names of the exercise: countries, areas, places, bodies.

A toponymy made of syllables, belonging to no language or people. Every name was compared with the 925,000
names and alternate names of GeoNames' places of 500 inhabitants and more, and none is there; a test repeats
that with the places the package ships. Nothing here may name a real person, party, group or organization.
"""

from __future__ import annotations

__all__ = [
    "AREA_NAMES",
    "COUNCIL",
    "COUNTRY_NAMES",
    "MONITORS",
    "NEWSPAPERS",
    "NGO",
    "PLACE_NAMES",
    "POSTS",
    "REGION_NAME",
    "WIRE",
    "broadcaster",
]

REGION_NAME = "Nine Quays region (fictional)"


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COUNTRY_NAMES = _names("Oulmerane Vassiolde Terruvine Kaldemure Nostravelle Ipperolle Merrowine Drosseline Hespardie")

AREA_NAMES = _names(
    """
    Aellondel Almurre Arnardo Azondel Bervoule Bolkondel Braelix Brilondel Daerverra Delmildo Dorardo Drelvane
    Eirnerra Ervildo Falmune Fondrôr Fugnildo Gambondel Gelamar Girnolve Glervolve Handrolve Helvuin Holvildo
    Ialvane Iarthovin Kervask Klaernével Kornerra Kostondel Lialvolve Lundrondel Marthospe Mendrondel Mirthardo
    Morthune Narane Northolve Ovolve Palmildo Perolve Pindrondel Raerast Rindruin Salildo Sandrune Solmuin
    Tembolve Tolvebra Vallierne Vellovin Zandrospe
    """
)

PLACE_NAMES = _names(
    """
    Aelmask Aelurre Amburre Balvask Bazurre Beimboule Beiruin Bestardo Bialebra Billospe Bindrane Bombével Bospane
    Bovospe Brellast Brestriste Brignôr Brilierne Bruniste Buftôr Bullospe Daezondel Dagnovin Deimbane Deinoule
    Deramar Dialmôr Dilvuin Distoule Diverra Draenovin Drasterra Drirveth Droroule Drunamar Dulliste Dulvane
    Dustrune Eiduin Eirvask Ezamar Faenask Faspamar Feilvovin Femburre Fespierne Fostovin Fourveth Gaeduin Gaelmane
    Gaestix Gaspebra Geilkamar Gembospe Gernovin Gilkierne Girnane Gisturre Glaftolve Glendrane Glenovin Gliareth
    Glindrune Gloleth Gorthuin Govével Gulane Haelierne Haenamar Haerniste Harast Hilkurre Hispask Hondrardo Hovune
    Hurolve Hustamar Iftével Irospe Izane Kaerix Karthôr Kedebra Keistamar Kerthôr Kirardo Kirthovin Klalvane
    Klardune Klestune Kliriste Kolmix Konierne Kostrane Kuftane Kulmierne Ladolve Laelveth Lalierne Leirnamar
    Lembierne Lidoule Lilviste Lizask Lollurre Lulvével Maendrovin Marerra Meidondel Menierne Miareth Midebra
    Mindroule Mirthospe Mospix Mozondel Murvuin Musperra Nagnerra Neilvane Niaftane Nispével Nostramar Nuzeth
    Oumbeth Ournix Parnével Pellildo Pertholve Pevoule Pilével Pirthane Plevolve Plombolve Ploruin Plurvane
    Postolve Poulospe Pourondel Raembolve Ragnôr Ralketh Reinardo Rilmerra Rognildo Rortherra Rorvolve Rumbospe
    Sarvane Sederra Seignane Seruin Sezolve Sillierne Sistildo Skerthoule Skevane Skidével Skolôr Skorvast Solviste
    Soreth Sospamar Souluin Sudondel Surthôr Taevolve Taftével Tarthune Teftamar Tistamar Tolmask Toustiste Trelverra
    Trembeth Trirvildo Trolvask Tundriste Urnospe Vaerane Veivierne Vialamar Virvix Vistane Vospospe Vraelune
    Vrelebra Vrestane Vundreth Zaspune Zegnovin Zialvildo Zilane Zofturre Zolôr Zovoule Zurnôr
    """
)

COUNCIL = "Council of the Nine Quays Compact"
WIRE = "Austral Quay Wire"
NEWSPAPERS = ("Herald of the Nine Quays", "Le Courrier des Sept Anses", "La Gaceta de los Remansos")
NGO = "Open Harm Ledger"
POSTS = "Unattributed posts"
MONITORS = "Shoreline Monitors"


def broadcaster(country: str) -> str:
    """The name of a country's State broadcaster."""
    return f"State Broadcasting of {country}"
