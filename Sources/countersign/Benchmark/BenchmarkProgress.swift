/// What is being done, on a terminal.
final class BenchmarkProgress {
    func show(_ what: String) {
        if Terminal.errorIsTerminal { Terminal.write("\r\u{1B}[K\(what)", to: 2) }
    }

    func clear() {
        show("")
    }
}
