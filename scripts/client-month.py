"""A month by generated clients: charges are sent in, listed, decided, read from the feed, taken, processed and
acknowledged. It fails if a step does not do what it should. scripts/check-clients runs it, and mypy checks its types.

Usage: client-month.py OPERATORS_URL PROVIDER_URL PROVIDER_KEY
"""

import sys
import time
from decimal import Decimal
from typing import TypeVar

from operators_client import AuthenticatedClient as Operator
from operators_client import Client as Visitor
from operators_client import models as operators
from operators_client.api.charges import accept, acknowledge, decline, list_, show
from operators_client.api.login import log_in
from operators_client.api.logout import release
from operators_client.types import Unset
from provider_client import AuthenticatedClient as Provider
from provider_client import models as provider
from provider_client.api.provider import decisions, ingest, outcomes, release_taken, take

Success = TypeVar("Success")
CUSTOMER = "generated-client"
# It has more digits than a float, and a zero at its end that must stay.
AMOUNT = Decimal("123456789012345.6780")


def succeeded(response: Success | operators.Error | provider.Error | None) -> Success:
    """The response, unless it is an error."""
    if response is None:
        raise AssertionError("the response has a status that the document does not have")
    if isinstance(response, (operators.Error, provider.Error)):
        raise AssertionError(f"{response.status.code.value}: {response.status.description}")
    return response


def log_in_to(url: str) -> Operator:
    visitor = Visitor(base_url=url, raise_on_unexpected_status=True)
    wrong = log_in.sync(
        client=visitor, body=operators.LoginRequest(username="demo", password="wrong", organisation="ACME"))
    assert isinstance(wrong, operators.Error)
    assert wrong.status.code == operators.ErrorCode.INVALID_CREDENTIALS
    login = succeeded(log_in.sync(
        client=visitor, body=operators.LoginRequest(username="demo", password="demo", organisation="ACME")))
    return Operator(base_url=url, token=login.data.token, raise_on_unexpected_status=True)


def send_charges(bridge: Provider) -> list[str]:
    """Sends three charges in, twice, and returns their numbers."""
    charges = [
        provider.ProvidedCharge(
            provider_charge_id=f"generated-{place}", operator="ACME", billing_system_customer_identifier=CUSTOMER,
            amount=AMOUNT, currency="USD", local_currency_amount=Decimal("9.10"), local_currency="EUR",
            paid_through_date="2026-12-23")
        for place in range(3)
    ]
    numbers = []
    for is_new in (True, False):
        sent = succeeded(ingest.sync(client=bridge, body=provider.IngestRequest(charges=charges)))
        assert not sent.data.failed_charges_set
        assert [charge.created for charge in sent.data.charges] == [is_new] * 3
        numbers = [charge.number for charge in sent.data.charges]
    return numbers


def listed(operator: Operator, status: operators.ListChargeStatus) -> dict[str, operators.ListedCharge]:
    """All charges of the customer in the list, by cursor."""
    found: dict[str, operators.ListedCharge] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = succeeded(list_.sync(
            client=operator, number_of_results=50, charge_status=status, after=cursor))
        for charge in page.data.charges_set:
            if charge.billing_system_customer_identifier == CUSTOMER:
                assert isinstance(charge.number, str)
                found[charge.number] = charge
        assert not isinstance(page.data.next_, Unset)
        cursor = page.data.next_
    return found


def feed(bridge: Provider, since: str, numbers: list[str]) -> dict[str, provider.PublishedDecision]:
    """The last decision of each of the charges, once the feed has them all."""
    found: dict[str, provider.PublishedDecision] = {}
    page = succeeded(decisions.sync(client=bridge, since=since))
    for _ in range(600):
        found |= {one.number: one for one in page.data.decisions if one.number in numbers}
        if len(found) == len(numbers):
            return found
        if not page.data.decisions:
            time.sleep(0.1)
        page = succeeded(decisions.sync(client=bridge, after=page.data.next_))
    raise AssertionError(f"the feed has only {sorted(found)}")


def main(operators_url: str, provider_url: str, key: str) -> None:
    bridge = Provider(base_url=provider_url, token=key, raise_on_unexpected_status=True)
    operator = log_in_to(operators_url)

    numbers = send_charges(bridge)
    first, second, third = numbers
    pending = listed(operator, operators.ListChargeStatus.NOT_PROCESSED)
    assert sorted(pending) == sorted(numbers)
    amount = pending[first].amount
    assert isinstance(amount, Decimal) and str(amount) == str(AMOUNT), amount
    assert pending[first].paid_through_date == "2026-12-23T00:00:00"
    received_on = pending[first].received_on
    assert isinstance(received_on, str)

    def items(*numbers: str) -> list[operators.Item]:
        return [
            operators.Item(
                number=number, billing_system_customer_identifier=CUSTOMER, reference_number=f"G-{number}")
            for number in numbers
        ]

    accepted = succeeded(accept.sync(
        client=operator, body=operators.AcceptRequest(accepted_charges_set=items(first, third)),
        idempotency_key="generated-accept", results=operators.ResultSelection.ALL))
    assert not accepted.data.failed_charges_set and accepted.data.results_set
    assert [one.result for one in accepted.data.results_set] == [operators.AcceptResultCode.OK] * 2
    declined = succeeded(decline.sync(
        client=operator, body=operators.DeclineRequest(declined_charges_set=items(second, "NONE"))))
    assert declined.data.failed_charges_set
    assert [one.error_code for one in declined.data.failed_charges_set] == [
        operators.DeclineErrorCode.CHARGE_NOT_FOUND]
    charge = succeeded(show.sync(client=operator, number=first)).data.charge
    assert charge.decision == operators.Decision.ACCEPTED and charge.acknowledgement is None
    assert str(charge.local_currency_amount) == "9.10"

    published = feed(bridge, received_on, numbers)
    assert published[second].decision == provider.Decision.DECLINED
    taken = provider.TakeRequest(charges=[
        provider.TakeItem(operator="ACME", number=number, revision=published[number].revision)
        for number in numbers
    ])
    assert not succeeded(take.sync(client=bridge, body=taken)).data.failed_charges_set
    frozen = succeeded(accept.sync(
        client=operator, body=operators.AcceptRequest(accepted_charges_set=items(second))))
    assert frozen.data.failed_charges_set
    assert frozen.data.failed_charges_set[0].error_code == operators.AcceptErrorCode.CHARGE_IN_PROCESS
    released = provider.TakeRequest(charges=[one for one in taken.charges if one.number == third])
    assert not succeeded(release_taken.sync(client=bridge, body=released)).data.failed_charges_set
    results = {
        first: provider.Outcome.APPROVED, second: provider.Outcome.DECLINED, third: provider.Outcome.REJECTED}
    reported = succeeded(outcomes.sync(client=bridge, body=provider.OutcomesRequest(outcomes=[
        provider.ReportedOutcome(
            operator="ACME", number=number, outcome=outcome, revision=published[number].revision)
        for number, outcome in results.items()
    ])))
    assert not reported.data.failed_outcomes_set

    final = listed(operator, operators.ListChargeStatus.PROCESSED)
    assert {number: charge.charge_status for number, charge in final.items()} == {
        first: operators.ChargeStatus.APPROVED, second: operators.ChargeStatus.DECLINED,
        third: operators.ChargeStatus.REJECTED}
    done = succeeded(acknowledge.sync(
        client=operator, body=operators.AcknowledgeRequest(acknowledged_charges_set=[
            operators.Item(number=number, billing_system_customer_identifier=CUSTOMER) for number in numbers])))
    assert not done.data.failed_charges_set
    assert not listed(operator, operators.ListChargeStatus.PROCESSED)
    succeeded(release.sync(client=operator, body=operators.TokenRelease()))
    ended = list_.sync(
        client=operator, number_of_results=1, charge_status=operators.ListChargeStatus.PROCESSED, offset=0)
    assert isinstance(ended, operators.Error) and ended.status.code == operators.ErrorCode.INVALID_TOKEN


if __name__ == "__main__":
    main(*sys.argv[1:])
