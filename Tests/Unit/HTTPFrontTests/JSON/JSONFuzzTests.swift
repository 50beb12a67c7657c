import StrictJSON
import Testing

@testable import HTTPFront

/// Tests of the JSON reader against Foundation's, on seeded documents: both accept a document and read the same, or
/// both refuse it. `FoundationOracle` has the exceptions.
@Suite struct JSONFuzzTests {
    @Test("Valid documents are read as Foundation reads them", arguments: JSONGenerator.seeds)
    func goodDocumentsAreReadAsFoundationReadsThem(seed: UInt64) throws {
        for seed in seed..<(seed + 2000) {
            var generator = JSONGenerator(seed: seed)
            let value = generator.value(depth: 6)
            let document = generator.document(value)
            let read = try JSONReader.read(document)
            try #require(Array(read.text.utf8) == Array(value.text.utf8), problem(seed, document))
            let oracle = try #require(FoundationOracle(document), problem(seed, document))
            try #require(oracle.agrees(with: read), problem(seed, document))
        }
    }

    @Test("Damaged documents are accepted or refused as Foundation does", arguments: JSONGenerator.seeds)
    func damagedDocumentsAreTakenOrRefusedAsFoundationDoes(seed: UInt64) throws {
        var taken = 0
        var refused = 0
        for seed in seed..<(seed + 4000) {
            var generator = JSONGenerator(seed: seed)
            let document = generator.damaged(generator.document(generator.value(depth: 4)))
            switch (Result { try JSONReader.read(document) }, FoundationOracle(document)) {
            case (.success(let read), let oracle?):
                taken += 1
                try #require(oracle.agrees(with: read), problem(seed, document))
            case (.success(let read), nil):
                try #require(FoundationOracle.holdsANumberBeyondDouble(read), problem(seed, document))
            case (.failure(let error), .some):
                let reason = FoundationOracle.Leniency(error as? JSONError, document)
                try #require(reason != nil, problem(seed, document))
            case (.failure, nil): refused += 1
            }
        }
        // A damage that always or never shows would test one side alone.
        #expect(taken > 200)
        #expect(refused > 1500)
    }

    @Test("The same seed generates the same document")
    func theSameSeedMakesTheSameDocument() {
        func documents() -> [[UInt8]] {
            (0..<50 as Range<UInt64>).map { seed in
                var generator = JSONGenerator(seed: seed)
                return generator.damaged(generator.document(generator.value(depth: 6)))
            }
        }
        #expect(documents() == documents())
        #expect(Set(documents()).count > 25)
    }

    private func problem(_ seed: UInt64, _ document: [UInt8]) -> Comment {
        "seed \(seed): \(String(decoding: document, as: UTF8.self)) \(document)"
    }
}
