"""Writes the texts that TokenEstimate is tested with, and what the real tokenizers count; see README.md."""
import json
import random
import string
from pathlib import Path

from tokenizers_used import counts

PROSE = {
    "english": "It was a bright morning in April, and the harbour was already busy. The children ran down to the river "
    "with their dog, laughing, while their mother prepared lunch under the old tree. Nobody noticed that the boat had "
    "drifted away until the evening, when the wind turned and the water began to rise.",
    "english chat": "hey, can you remind me tomorrow at nine to call Dana about the invoice? also what's the weather like "
    "in Haifa this weekend, we want to take the kids out for a walk",
    "english formal": "The organisation shall ensure that personal data is processed lawfully, fairly and transparently, "
    "and that every exception is documented together with the name of the person who approved it.",
    "hebrew": "שלום, אפשר בבקשה להזכיר לי מחר בתשע בבוקר להתקשר לדנה בקשר לחשבונית? ותגיד לי גם מה צפוי להיות מזג "
    "האוויר בחיפה בסוף השבוע, כי אנחנו רוצים לצאת לטיול עם הילדים.",
    "hebrew mixed": "תכתוב לי בבקשה email קצר ל-Omer עם הקישור https://example.com/report ותגיד שהפגישה נדחתה.",
    "arabic": "مرحبا، هل يمكنك أن تذكرني غدا في الساعة التاسعة صباحا بالاتصال بدانا بخصوص الفاتورة؟ وأخبرني أيضا كيف "
    "سيكون الطقس في حيفا في نهاية الأسبوع.",
}
OTHER = {
    "hebrew with points": "בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם וְאֵת הָאָרֶץ",
    "russian": "Привет, напомни мне завтра в девять утра позвонить Дане по поводу счёта.",
    "french": "Bonjour, pourrais-tu me rappeler demain à neuf heures d'appeler Dana au sujet de la facture réglée ?",
    "chinese": "你好，请明天早上九点提醒我给丹娜打电话，谈一下发票的事情。",
    "emoji": "Great job! 🎉🎉 See you soon 😀👍🏽 ❤️ 👨‍👩‍👧 🇮🇱",
    "code": "func add(_ a: Int, _ b: Int) -> Int {\n    guard a > 0 else { return b }\n    return a + b\n}\n",
    "json": '{"id": 42, "name": "Dana", "tags": ["a", "b"], "ok": true, "price": 12.5}',
    "url": "https://example.com/path/to/page?id=12345&ref=abcDEF#section-2",
    "numbers": "Total: 1,234,567.89 USD on 2026-11-21 at 09:30:15, order 8839201, phone 15550000001",
    "base64": "aGVsbG8gd29ybGQhIFRoaXMgaXMgYSB0ZXN0IG9mIGJhc2U2NA==",
    "capitals": "PLEASE DO NOT REPLY TO THIS MESSAGE, IT WAS SENT AUTOMATICALLY",
    "white space": "a\n\n\n   b\t\tc  \r\n\r\n      d",
    "blank": "   ", "empty": "", "gibberish": "xqzj kkwp vbnmq zzxxcc qwrtpsdfg",
    "marks": "\u200f\u200eשלום\u2066abc\u2069", "punctuation": "?!... --- *** ((())) <<>> #@$%^&",
}
LETTERS = string.ascii_lowercase
HEBREW = "אבגדהוזחטיכלמנסעפצקרשתםןץףך"
ARABIC = "".join(map(chr, range(0x621, 0x64B)))
POOLS = [
    string.printable[:95], LETTERS + " ", string.ascii_letters + string.digits + "+/", HEBREW + " ", HEBREW + " .,?!\n\"",
    ARABIC + " ", " \n\t\r", "0123456789 .,-", "{}[]();=<>/\\\"' \n\t_", "éèàçñüöß" + LETTERS + " ", "你好世界我们在 。",
    "абвгдежзиклмнопрст ", "“”‘’–—…•™€₪°" + LETTERS + " ", "\u200f\u200e\u2066\u2069" + HEBREW,
]
EMOJI = ["😀", "🎉", "👍🏽", "❤️", "👨‍👩‍👧", "🇮🇱", " ", "✅", "1️⃣"]

random.seed(20261121)
hostile = ["".join(random.choices(EMOJI, k=random.randint(1, 12))) for _ in range(60)]
for pool in POOLS:
    hostile += ["".join(random.choices(pool, k=random.randint(1, 40))) for _ in range(40)]
for _ in range(100):
    pool = "".join(random.sample(POOLS, 2))
    hostile.append("".join(random.choices(pool, k=random.randint(1, 40))))

rows = [{"name": name, "kind": kind, "text": text, **counts(text)}
        for kind, texts in (("prose", PROSE), ("other", OTHER)) for name, text in texts.items()]
rows += [{"name": f"hostile {number}", "kind": "hostile", "text": text, **counts(text)}
         for number, text in enumerate(hostile)]
root = Path(__file__).resolve().parents[3]
lines = ",\n".join(json.dumps(row, ensure_ascii=True) for row in rows)
(root / "Tests/Interop/tokens/samples.json").write_text(f"[\n{lines}\n]\n")
