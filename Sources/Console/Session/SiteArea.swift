import Authentication

/// What sets the sites of this module apart: `/console` and `/admin`.
struct SiteArea: Sendable {
    /// The path that begins the paths of all its pages: `/console`.
    let path: String
    /// The site's name, which stands in the head of each page and in the title of its window.
    let name: String
    /// The name of the cookie that has the session's token.
    let sessionCookie: String
    /// The name of the cookie that the form of signing in repeats, before there is a session.
    let visitorCookie: String
    /// Whether people sign in with their operator's code.
    let asksOrganisation: Bool
    /// Whether the API's documentation is on the site's port.
    let hasDocumentation: Bool
    /// The links of every page, in their order.
    let links: [AreaLink]

    var signInPath: String { path + "/sign-in" }
    var signOutPath: String { path + "/sign-out" }
}

/// A link of every page of a site.
struct AreaLink: Sendable {
    let text: String
    /// The path below the site's.
    let path: String
    /// How the paths of the link's other pages begin.
    var parts: [String] = []
    var minimumRole = Role.viewer
}

extension SiteArea {
    static let console = SiteArea(
        path: "/console", name: "Countersign", sessionCookie: "countersign_console",
        visitorCookie: "countersign_visitor", asksOrganisation: true, hasDocumentation: true,
        links: [
            AreaLink(text: "Overview", path: ""),
            AreaLink(text: "Charges", path: "/charges", parts: ["/charge", "/decision"]),
            AreaLink(text: "Decide by file", path: "/files", parts: ["/file"]),
            AreaLink(text: "Statements", path: "/statements", parts: ["/statements"]),
            AreaLink(text: "Reconciliations", path: "/reconciliations", parts: ["/reconciliation"]),
            AreaLink(text: "Activity", path: "/activity"),
            AreaLink(text: "Users and keys", path: "/accounts", minimumRole: .administrator),
            AreaLink(text: "Settings", path: "/settings"),
        ])
}

extension SiteArea {
    static let administration = SiteArea(
        path: "/admin", name: "Countersign administration", sessionCookie: "countersign_admin",
        visitorCookie: "countersign_admin_visitor", asksOrganisation: false, hasDocumentation: false,
        links: [
            AreaLink(text: "Overview", path: ""),
            AreaLink(text: "Operators", path: "/operators", parts: ["/operator"]),
            AreaLink(text: "Provider's keys", path: "/provider-keys"),
            AreaLink(text: "Signing keys", path: "/signing-keys"),
            AreaLink(text: "Reports", path: "/reports", parts: ["/report"]),
            AreaLink(text: "Activity", path: "/activity"),
            AreaLink(text: "Administrators", path: "/administrators"),
        ])
}
