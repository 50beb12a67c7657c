import StrictJSON
import Charges

/// `POST charges`: adds up to 1000 charges, each of which succeeds or fails alone.
struct IngestController: Controller {
    let repository: any ProviderRepository

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response {
        let charges = try ProviderItems.read(
            try await request.json(), setName: "charges", Self.charge(_:at:))
        return await .counting(items: charges.count) { () throws(RequestFailure) in
            let call = IngestCall(charges: charges, deadline: request.deadline)
            let outcomes = try await withDeadline(request.deadline) {
                [repository] () throws(RequestFailure) in
                try await repository.ingest(call)
            }
            return Self.response(charges, outcomes)
        }
    }

    private static func response(
        _ charges: [ProvidedCharge], _ outcomes: [Result<IngestedCharge, ProviderFailure>]
    ) -> Response {
        var created: [JSONValue] = []
        var failed: [JSONValue] = []
        var codes: [String] = []
        for (charge, outcome) in zip(charges, outcomes) {
            let name: [JSONValue.Member] = [
                .init("provider_charge_id", .string(charge.providerChargeIdentifier.string)),
                .init("operator", .string(charge.operatorCode.string)),
            ]
            switch outcome {
            case .success(let ingested):
                created.append(
                    .object(
                        name + [
                            .init("number", .string(ingested.number.string)),
                            .init("created", .boolean(ingested.wasCreated)),
                        ]))
            case .failure(let failure):
                codes.append(failure.code.rawValue)
                failed.append(.object(name + failure.members))
            }
        }
        return Response(
            .object(
                [.init("charges", .array(created))]
                    + (failed.isEmpty ? [] : [.init("failed_charges_set", .array(failed))]))
        ).failing(codes)
    }

    private static func charge(_ value: JSONValue, at path: String) throws(RequestFailure) -> ProvidedCharge {
        let identifier = ExactText(try value.requiredString("provider_charge_id", at: path))
        guard identifier.isName(maximumScalars: ProvidedCharge.maximumIdentifierScalars) else {
            throw RequestFailure(
                .invalidParameter,
                "\(path).provider_charge_id must have 1 to \(ProvidedCharge.maximumIdentifierScalars) characters "
                    + "and no control characters.")
        }
        let operatorCode = ExactText(try value.requiredString("operator", at: path))
        let customer = ExactText(try value.requiredString("billing_system_customer_identifier", at: path))
        let amount = try value.requiredNumber("amount", at: path)
        let currency = try value.requiredString("currency", at: path)
        let localCurrencyAmount = try value.requiredNumber("local_currency_amount", at: path)
        let localCurrency = try value.requiredString("local_currency", at: path)
        let terms = ChargeTerms.read(
            billingSystemCustomerIdentifier: customer, amount: amount, currency: currency,
            localCurrencyAmount: localCurrencyAmount, localCurrency: localCurrency,
            paidThroughDate: try value.requiredString("paid_through_date", at: path))
        return ProvidedCharge(
            operatorCode: operatorCode, providerChargeIdentifier: identifier, localCurrency: localCurrency,
            terms: terms)
    }
}

extension ProviderFailure {
    /// The failure's members in a response.
    var members: [JSONValue.Member] {
        [
            .init("error_code", .string(code.rawValue)),
            .init("error_description", .string(description)),
        ]
    }
}
