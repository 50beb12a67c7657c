/// An entry of a charge's timeline.
package struct ChargeTimelineEntry: Equatable, Sendable {
    package var madeOn: Timestamp
    package var event: Event

    /// What happened to the charge.
    package enum Event: Equatable, Sendable {
        /// It came in. The time of an imported charge's receipt is that of the system before this one.
        case received
        /// It came in here, from a file.
        case imported
        case decided(RecordedDecision)
        /// The provider took it to process it. A release removes the entry, and so does the outcome.
        case taken
        /// The provider processed it, here or, before the import, elsewhere.
        case processed(ChargeStatus, here: Bool)
        /// The operator acknowledged it; `nil` before the import, elsewhere.
        case acknowledged(Acknowledgement?)
    }

    package init(_ event: Event, madeOn: Timestamp) {
        self.event = event
        self.madeOn = madeOn
    }
}

extension Charge {
    /// What happened to the charge, oldest first. Decisions follow each other by revision and the outcome follows them,
    /// also where the clock was set back in between.
    package var timeline: [ChargeTimelineEntry] {
        let listed = record.listed
        var entries = [ChargeTimelineEntry(.received, madeOn: listed.receivedOn)]
        entries += decisions.map { ChargeTimelineEntry(.decided($0), madeOn: $0.madeOn) }
        if let takenOn = record.takenOn { entries.append(ChargeTimelineEntry(.taken, madeOn: takenOn)) }
        if let processedOn = listed.processedOn {
            entries.append(
                ChargeTimelineEntry(.processed(listed.status, here: wasProcessedHere), madeOn: processedOn))
        }
        if let acknowledgedOn = record.acknowledgedOn {
            entries.append(
                ChargeTimelineEntry(
                    .acknowledged(acknowledgement), madeOn: acknowledgement?.madeOn ?? acknowledgedOn))
        }
        if let importedOn = record.importedOn {
            // What the file brought was before.
            let place = entries.firstIndex { $0.madeOn > importedOn } ?? entries.endIndex
            entries.insert(ChargeTimelineEntry(.imported, madeOn: importedOn), at: place)
        }
        return entries
    }
}
