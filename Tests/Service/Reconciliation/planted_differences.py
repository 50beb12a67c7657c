"""Plants differences between an operator's charges and its file, and checks what `countersign reconcile` finds of them.

  planted_differences.py plant ROWS FOLDER   writes charges.csv, history.csv, load.sql, file.csv and expected.json
  planted_differences.py check FOLDER        reads the JSON of `reconcile … --format json` from standard input

It knows each difference since it made it: it compares nothing. The period is October 2020, the decision ACCEPTED.
"""
import csv
import json
import os
import random
import sys
from collections import Counter
from decimal import Decimal

COLUMNS = ["number", "reference_number", "billing_system_customer_identifier", "amount", "currency",
           "local_currency_amount", "local_currency", "charge_status"]
BAD_AMOUNTS = ["NaN", "1e3", "٣", "1,000.00", "-0", "12345678901234567890", " 9.90", "9.90000", ""]


def charge(place, random):
    amount = Decimal(random.randrange(1, 10**7)).scaleb(-random.choice([0, 1, 2, 2, 2, 4]))
    local = Decimal(random.randrange(1, 10**7)).scaleb(-2)
    return {
        "number": f"I{place:08d}", "customer": f"c{place}é" if place % 7 == 0 else f"c{place}",
        "amount": amount, "currency": random.choice(["USD", "GBP"]),
        "local_amount": local, "local": random.choice(["EUR", "CHF"]),
        "status": random.choice(["PENDING", "APPROVED"]), "decision": "ACCEPTED",
        "decided": f"2020-10-{random.randrange(1, 32):02d} {random.randrange(24):02d}:00:00Z",
        "references": [f"Ref-{place}"], "is_here": True,
    }


def row_of(charge):
    return {
        "number": charge["number"], "reference_number": charge["references"][-1],
        "billing_system_customer_identifier": charge["customer"], "amount": charge["amount"],
        "currency": charge["currency"], "local_currency_amount": charge["local_amount"],
        "local_currency": charge["local"], "charge_status": charge["status"],
    }


def undo(charge, decision, decided):
    charge.update(decision=decision, decided=decided, status="PENDING", is_here=False)


class Plan:
    """The charges, the rows of the file, and what is to be found."""

    def __init__(self, count, seed=19):
        self.random = random.Random(seed)
        self.charges = [charge(place, self.random) for place in range(1, count + 1)]
        # Each row: its cells, the charge with which it pairs, its class, the other charge that its reference names.
        self.rows = []
        self.only_here = []
        self.planted = Counter()
        kinds = [name for name in dir(self) if name.startswith("plant_")]
        spare = iter(self.random.sample(self.charges, count))
        used = set()
        for turn in range(500):
            kind = kinds[turn % len(kinds)]
            charges = [next(spare), next(spare)]
            used.update(charge["number"] for charge in charges)
            getattr(self, kind)(turn, *charges)
            self.planted[kind] += 1
        for each in self.charges:
            if each["number"] not in used:
                self.match(each)
        self.random.shuffle(self.rows)

    def add(self, cells, charge, kind, other=None):
        self.rows.append((cells, charge, kind, other))

    def match(self, charge, **changes):
        row = row_of(charge)
        # The same amount in other digits, and the names in other ways, are no differences.
        if charge["amount"] == charge["amount"].to_integral_value() and self.random.random() < 0.5:
            row["amount"] = charge["amount"].quantize(Decimal("0.1"))
        way = self.random.random()
        if way < 0.1:
            row["reference_number"] = ""
        elif way < 0.2:
            row["number"] = ""
        row.update(changes)
        self.add(row, charge, "MATCHED")

    # Each of these plants one difference; the second charge is a further one, which matches unless it is needed.

    def plant_malformed(self, turn, one, two):
        column = self.random.choice(["amount", "local_currency_amount"])
        row = {**row_of(one), column: self.random.choice(BAD_AMOUNTS)}
        if turn % 2:
            row["billing_system_customer_identifier"] = "another"
        self.add(row, one, "MALFORMED")
        self.match(two)

    def plant_malformed_cell(self, turn, one, two):
        column, text = self.random.choice(
            [("currency", "usd"), ("charge_status", "approved"), ("local_currency", ""), ("currency", "EURO")])
        self.add({**row_of(one), column: text}, one, "MALFORMED")
        self.match(two)

    def plant_no_name(self, turn, one, two):
        self.add({**row_of(one), "number": "", "reference_number": ""}, None, "MALFORMED")
        self.only_here.append(one)
        self.match(two)

    def plant_duplicate_by_number(self, turn, one, two):
        self.add(row_of(one), one, "DUPLICATE_THERE")
        self.add(row_of(one) | ({"amount": Decimal("1.23")} if turn % 2 else {}), one, "DUPLICATE_THERE")
        self.match(two)

    def plant_duplicate_by_reference(self, turn, one, two):
        self.add({**row_of(one), "reference_number": ""}, one, "DUPLICATE_THERE")
        self.add({**row_of(one), "number": ""}, one, "DUPLICATE_THERE")
        self.match(two)

    def plant_only_there(self, turn, one, two):
        self.match(one)
        self.match(two)
        row = {**row_of(one), "number": f"X{turn:08d}", "reference_number": f"Unknown-{turn}"}
        if turn % 3 == 0:
            row["number"] = ""
        self.add(row, None, "ONLY_THERE")

    def plant_unknown_reference(self, turn, one, two):
        one["references"] = [f"Ré-{turn}"]
        wrong = self.random.choice([f"ré-{turn}", f"Ré-{turn} ", f" Ré-{turn}", f"Re\u0301-{turn}", f"Ré{turn}"])
        row = {**row_of(one), "reference_number": wrong}
        if turn % 2:
            row["amount"] = one["amount"] + 1
        self.add(row, one, "REFERENCE_DIFFERS")
        self.match(two)

    def plant_one_reference_under_two_numbers(self, turn, one, two):
        self.add({**row_of(one), "reference_number": two["references"][0]}, one, "REFERENCE_DIFFERS", two)
        self.match(two, number=two["number"], reference_number=two["references"][0])

    def plant_earlier_reference(self, turn, one, two):
        # No difference: any reference that the charge ever took is its own. The second charge has the difference.
        one["references"] = [f"Earlier-{turn}", f"Later-{turn}"]
        self.match(one, reference_number=f"Earlier-{turn}", number="" if turn % 2 else one["number"])
        self.plant_customer(turn, two, None)

    def plant_customer(self, turn, one, two):
        row = {**row_of(one), "billing_system_customer_identifier": one["customer"].upper()}
        if turn % 2:
            row.update(amount=Decimal("0.01"), currency="JPY")
        self.add(row, one, "CUSTOMER_DIFFERS")
        if two:
            self.match(two)

    def plant_currency(self, turn, one, two):
        column = self.random.choice(["currency", "local_currency"])
        self.add({**row_of(one), column: "JPY", "amount": one["amount"] + turn % 2}, one, "CURRENCY_DIFFERS")
        self.match(two)

    def plant_amount(self, turn, one, two):
        column = self.random.choice(["amount", "local_currency_amount"])
        row = row_of(one)
        row[column] += Decimal("0.0001") if turn % 2 else Decimal("-0.0001")
        self.add(row, one, "AMOUNT_DIFFERS")
        self.match(two)

    def plant_declined_here(self, turn, one, two):
        undo(one, "DECLINED", one["decided"])
        self.add(row_of(one), one, "DECISION_DIFFERS")
        self.match(two)

    def plant_undecided_here(self, turn, one, two):
        undo(one, None, None)
        one["references"] = []
        self.add({**row_of({**one, "references": [""]}), "charge_status": "PENDING"}, one, "DECISION_DIFFERS")
        self.match(two)

    def plant_other_period(self, turn, one, two):
        one.update(decided=self.random.choice(["2020-09-30 23:59:59.999999Z", "2020-11-01 00:00:00Z"]), is_here=False)
        self.add(row_of(one), one, "OTHER_PERIOD")
        self.match(two)

    def plant_status(self, turn, one, two):
        row = {**row_of(one), "charge_status": "APPROVED" if one["status"] == "PENDING" else "PENDING"}
        self.add(row, one, "STATUS_DIFFERS")
        self.match(two)

    def plant_only_here(self, turn, one, two):
        self.only_here.append(one)
        self.match(two)

    def plant_decided_otherwise_on_both_sides(self, turn, one, two):
        # Declined here, and no row: no difference. The second charge has the difference.
        undo(one, "DECLINED", one["decided"])
        row = row_of(two)
        row["amount"] += 1
        row["local_currency_amount"] += 1
        self.add(row, two, "AMOUNT_DIFFERS")


def amount_of(cells, column):
    """The amount of a cell; nothing for one that cannot be read."""
    return cells[column] if isinstance(cells[column], Decimal) else None


def text(amount):
    return None if amount is None else format(amount, "f")


class Totals:
    def __init__(self):
        self.all = {}

    def add(self, kind, side, currency, local, amount, local_amount, difference=None, local_difference=None):
        total = self.all.setdefault((kind, side, currency, local), [0, None, None, None, None])
        total[0] += 1
        for place, value in enumerate([amount, local_amount, difference, local_difference], 1):
            if value is not None:
                total[place] = value if total[place] is None else total[place] + value


def expected(plan):
    totals = Totals()
    differences = []
    seen = set()
    for line, (cells, charge, kind, other) in enumerate(plan.rows, 2):
        amount, local = amount_of(cells, "amount"), amount_of(cells, "local_currency_amount")
        currency = cells["currency"] or charge["currency"]
        local_currency = cells["local_currency"] or charge["local"]
        gap = local_gap = None
        if charge and amount is not None and currency == charge["currency"]:
            gap = amount - charge["amount"]
        if charge and local is not None and local_currency == charge["local"]:
            local_gap = local - charge["local_amount"]
        totals.add(kind, "THERE", currency, local_currency, amount, local, gap, local_gap)
        if charge and charge["is_here"] and charge["number"] not in seen:
            seen.add(charge["number"])
            totals.add(kind, "HERE", charge["currency"], charge["local"], charge["amount"], charge["local_amount"])
        if kind != "MATCHED":
            differences.append([kind, line, charge and charge["number"], other and other["number"]])
    for charge in plan.only_here:
        totals.add("ONLY_HERE", "HERE", charge["currency"], charge["local"], charge["amount"], charge["local_amount"])
        differences.append(["ONLY_HERE", None, charge["number"], None])
    return {
        "rows": len(plan.rows), "planted": sum(plan.planted.values()), "differences": differences,
        "totals": [[*key, value[0], *map(text, value[1:])] for key, value in totals.all.items()],
    }


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    os.chmod(path, 0o644)


def plant(count, folder):
    plan = Plan(count)
    null = "\\N"
    charges, history = [], []
    for each in plan.charges:
        revision = len(each["references"]) or (1 if each["decision"] else 0)
        approved = "2020-11-02 00:00:00Z" if each["status"] == "APPROVED" else null
        charges.append([
            1, each["number"], each["customer"], text(each["amount"]), each["currency"], text(each["local_amount"]),
            each["local"], "2020-12-01", each["status"], approved, revision, each["decision"] or null,
            each["decided"] or null, "operator" if each["decision"] else null,
            each["references"][-1] if each["references"] else null])
        for place, reference in enumerate(each["references"], 1):
            history.append([
                1, each["number"], place, each["decision"], "operator", each["decided"], reference, "true",
                "00000000-0000-0000-0000-000000000000"])
    write_csv(f"{folder}/charges.csv", charges)
    write_csv(f"{folder}/history.csv", history)
    columns = COLUMNS[:]
    plan.random.shuffle(columns)
    rows = [columns + ["remark"]]
    for cells, _, _, _ in plan.rows:
        rows.append([text(value) if isinstance(value, Decimal) else value
                     for value in (cells[column] for column in columns)] + ["of no meaning, here"])
    write_csv(f"{folder}/file.csv", rows)
    with open(f"{folder}/load.sql", "w") as file:
        file.write(f"""SET session_replication_role = replica;
COPY countersign.charge (
    operator_id, number, billing_system_customer_identifier, amount, currency, local_currency_amount, local_currency,
    paid_through_date, charge_status, set_as_approved_on, revision, decision, decided_on, decision_made_by,
    decision_reference_number
) FROM '{folder}/charges.csv' WITH (FORMAT csv, NULL '\\N');
COPY countersign.charge_history (
    operator_id, number, revision, kind, made_by, made_on, reference_number, takes_reference, batch_id
) FROM '{folder}/history.csv' WITH (FORMAT csv, NULL '\\N');
RESET session_replication_role;
ANALYZE countersign.charge, countersign.charge_history
""")
    with open(f"{folder}/expected.json", "w") as file:
        json.dump(expected(plan), file)


def check(folder):
    with open(f"{folder}/expected.json") as file:
        wanted = json.load(file)
    found = json.load(sys.stdin, parse_float=str, parse_int=str)
    faults = []
    if int(found["reconciliation"]["rows"]) != wanted["rows"]:
        faults.append(f"rows: {found['reconciliation']['rows']}, not {wanted['rows']}")

    def compare(what, one, other):
        one, other = Counter(map(tuple, one)), Counter(map(tuple, other))
        faults.extend(f"{what} not found: {item}" for item in one - other)
        faults.extend(f"{what} found falsely: {item}" for item in other - one)

    compare("difference", wanted["differences"], [
        [one["class"], one["line"] and int(one["line"]), (one["here"] or {}).get("number"), one["other_number"]]
        for one in found["differences"]])
    compare("total", wanted["totals"], [
        [one["class"], one["side"], one["currency"], one["local_currency"], int(one["rows"]), one["amount"],
         one["local_currency_amount"], one["amount_difference"], one["local_currency_amount_difference"]]
        for one in found["totals"]])
    for fault in faults[:20]:
        print(fault)
    if faults:
        sys.exit(f"{len(faults)} faults")
    print(f"{wanted['planted']} planted, {len(found['differences'])} differences found in {wanted['rows']} rows")


if sys.argv[1] == "plant":
    plant(int(sys.argv[2]), sys.argv[3])
else:
    check(sys.argv[2])
