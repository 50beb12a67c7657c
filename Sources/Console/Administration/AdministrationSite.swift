package import Authentication
package import Charges
package import HTTPFront

/// The pages of `/admin`, by which the administrators of the service run it. Any thread may call it.
///
/// They use services, and have neither SQL nor rules of their own.
package struct AdministrationSite: Site {
    package let base: String = SiteArea.administration.path
    package let home: String = SiteArea.administration.path
    package let pages: [SitePage]
    private let renderer: Renderer

    /// - Throws: An error of Mustache if a template that is built in cannot be read.
    package init(_ dependencies: AdministrationSiteDependencies) throws {
        let renderer = try Renderer(.administration)
        self.renderer = renderer
        let service = dependencies.administration
        let report = ReportPage(catalog: dependencies.catalog, runner: dependencies.reports)
        let all: [any Page<AdministratorVisit>] = [
            ServiceOverviewPage(service: service),
            OperatorsPage(service: service),
            OperatorPage(service: service, hasher: dependencies.hasher),
            ProviderKeysPage(service: service),
            SigningKeysPage(service: service),
            ReportsPage(catalog: dependencies.catalog),
            report,
            ServiceActivitiesPage(service: service),
            AdministratorsPage(service: service, hasher: dependencies.hasher),
            AdministratorPasswordPage(
                service: service, sessions: dependencies.sessions, hasher: dependencies.hasher),
        ]
        let admission = Admission(
            area: .administration,
            sessions: ServiceSessions(sessions: dependencies.sessions, now: dependencies.now),
            renderer: renderer, destinations: Destinations(all.map(\.path), in: .administration))
        pages =
            all.flatMap(admission.pages)
            + SignInPages(admission: admission, formPages: all).pages
            + [
                admission.download("/report/download") { (visit) throws(RequestFailure) in
                    try await report.download(visit)
                }
            ] + StaticFiles.pages(.administration)
    }

    package func page(of failure: RequestFailure, requestIdentifier: String) -> SiteResponse {
        renderer.response(to: failure, requestIdentifier: requestIdentifier)
    }
}

/// The services that `/admin` uses.
package struct AdministrationSiteDependencies: Sendable {
    let sessions: any AdministratorSessions
    let administration: any ServiceAdministration
    let catalog: any ReportCatalog
    let reports: any ReportRunner
    let hasher: PasswordHasher
    let now: @Sendable () -> Timestamp?

    package init(
        sessions: any AdministratorSessions, administration: any ServiceAdministration,
        catalog: any ReportCatalog, reports: any ReportRunner, hasher: PasswordHasher,
        now: @escaping @Sendable () -> Timestamp?
    ) {
        self.sessions = sessions
        self.administration = administration
        self.catalog = catalog
        self.reports = reports
        self.hasher = hasher
        self.now = now
    }
}
