import ChargeStore
import Testing

@testable import countersign

/// Tests of the share of an import that its bar shows.
@Suite struct ImportProgressTests {
    @Test("A file that has been read whole is not half of the work")
    func readingIsNotTheWork() {
        var progress = ImportProgress()
        progress.read(share: 0.5)
        #expect(progress.done == 200)
        progress.read(share: 1)
        #expect(progress.done < ImportProgress.whole / 2)
        progress.reach(.checking(done: 7, total: 7))
        progress.reach(.storing(done: 0, total: 1))
        #expect(progress.done < ImportProgress.whole * 2 / 3)
        progress.reach(.checking(done: 0, total: 7))
        #expect(progress.done == 600, "it never decreases")
        progress.reach(.storing(done: 1, total: 1))
        #expect(progress.done == ImportProgress.whole)
    }
}
