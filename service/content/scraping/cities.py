"""Cities reports are written from, as datelines name them where they are not set in capitals."""

# `~` is a space within a name.
_NAMES = """
    Abuja Abu~Dhabi Accra Addis~Ababa Aden Aleppo Alger Algier Algiers Amman Amsterdam Ankara Atenas Atene
    Athen Athens Athènes Bagdad Baghdad Baku Bangkok Barcelona Barcelone Basel Basra Beijing Beirut
    Beirute Belfast Belgrad Belgrade Benghazi Berlin Berlino Berlín Bern Berne Beyrouth Birmingham Bogotá
    Bonn Boston Brasilia Brasília Bratislava Bremen Bruselas Brussel Brussels Bruxelles Brüssel Bucharest
    Budapest Buenos~Aires Bukarest Cairo Canberra Cape~Town Caracas Casablanca Chicago Ciudad~de~México
    Colombo Copenhagen Dacca Dakar Damas Damasco Damascus Damaskus Delhi Den~Haag Dhaka Djakarta Doha
    Dortmund Dresden Dubai Dublin Duisburg Düsseldorf Edinburgh Erbil Erfurt Essen Frankfurt Gaza Geneva
    Genf Genève Ginebra Glasgow Graz Hamburg Hannover Hanoi Harare Helsinki Hong~Kong Houston Innsbruck
    Islamabad Istanbul Jakarta Jeddah Jerusalem Jerusalén Johannesburg Jérusalem Kaboul Kabul Kairo
    Kampala Karachi Karlsruhe Kathmandu Kiel Kiev Kiew Kigali Kinshasa Kirkuk Kopenhagen Kuala~Lumpur
    Kuwait Kyiv Köln Lagos Lahore La~Paz Leipzig Lille Lima Linz Lisboa Lisbon Lissabon Ljubljana Londen
    London Londra Londres Los~Angeles Lusaka Luxemburg Luzern Lyon Madrid Magdeburg Mailand Mainz Manama
    Manchester Manila Mannheim Marseille Melbourne Mexico~City Miami Milan Milano Minsk Mogadischu
    Mogadishu Montevideo Montreal Montréal Mosca Moscou Moscow Moscú Moskau Moskou Moskva Mossoul Mossul
    Mosul Mumbai Munich Muscat München Münster Nairobi Najaf Naples Napoli Neu-Delhi New~Delhi New~York
    Nice Nicosia Nikosia Nouakchott Nürnberg Oslo Ottawa Parigi Parijs Paris París Peking Pekín Perth
    Philadelphia Port-au-Prince Potsdam Prag Prague Pretoria Pékin Quito Rabat Ramadi Ramallah Rangoon
    Reykjavik Riad Riga Rio~de~Janeiro Riyadh Rom Roma Rome Rostock Rotterdam Saarbrücken Salzburg Sanaa
    Santiago San~Francisco Sarajevo Schwerin Seoul Sevilla Seúl Shanghai Singapore Singapur Skopje Sofia
    Stockholm Strasbourg Straßburg Stuttgart Sydney São~Paulo Séoul Taipei Tallinn Tashkent Tbilisi
    Teheran Teherán Tehran Tel~Aviv Tirana Tokio Tokyo Torino Toronto Toulouse Trier Tripoli Tripolis
    Tunis Turin Téhéran Túnez Ulan~Bator Ulm Valencia Vancouver Varsavia Varsovia Varsovie Vatican~City
    Venice Viena Vienna Vienne Vilnius Warsaw Warschau Washington Wien Wiesbaden Windhoek Würzburg Yangon
    Yerevan Zagreb Zürich
"""
CITIES = frozenset(name.replace("~", " ") for name in _NAMES.split())
