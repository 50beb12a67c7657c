/// Where a setting's value came from.
enum SettingOrigin: Equatable {
    case flag
    case environment(String)
    case file(String)
    case byDefault

    var text: String {
        switch self {
        case .flag: "flag"
        case .environment(let name): "environment \(name)"
        case .file(let path): "file \(path)"
        case .byDefault: "default"
        }
    }
}
