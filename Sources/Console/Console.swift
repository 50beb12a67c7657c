package import Authentication
package import Charges
package import HTTPFront
import HTTPTypes

/// The console: pages by which an operator's people read and decide its charges. Any thread may call it.
///
/// It uses the services of the API, and has neither SQL nor rules of its own.
package struct Console: Site {
    package let base: String = Console.path
    package let home: String = Console.path
    package let pages: [SitePage]
    private let renderer: Renderer

    /// The path of the console.
    static let path = SiteArea.console.path

    /// - Throws: An error of Mustache if a template that is built in cannot be read.
    package init(_ dependencies: ConsoleDependencies) throws {
        let renderer = try Renderer(.console)
        self.renderer = renderer
        let downloads = dependencies.files
        let charges = ChargesFile(search: dependencies.search)
        let decisionFile = DecisionFilePage(
            files: dependencies.decisionFiles, charges: dependencies.charges)
        let dryRun = DecisionPages.DryRun(
            charges: dependencies.charges, decisions: dependencies.decisions)
        let forms: [any Page<Visit>] = [
            DecisionPages.Selection(charges: dependencies.charges), dryRun,
            DecisionPages.Outcome(dryRun: dryRun),
            DifferencesPage(reconciliations: dependencies.reconciliations),
            AccountsPage(accounts: dependencies.accounts, hasher: dependencies.hasher),
            DecisionFilesPage(files: dependencies.decisionFiles),
            decisionFile,
            ReconciliationsPage(
                reconciliations: dependencies.reconciliations, statements: dependencies.statements,
                files: dependencies.files),
            SettingsPage(accounts: dependencies.accounts),
            PasswordPage(
                accounts: dependencies.accounts, login: dependencies.login, hasher: dependencies.hasher),
        ]
        let readings: [any Page<Visit>] = [
            ChargesPage(search: dependencies.search),
            ChargeDetailsPage(charges: dependencies.charges),
            StatementsPage(statements: dependencies.statements),
            ReconciliationPage(reconciliations: dependencies.reconciliations),
            ActivitiesPage(activity: dependencies.activity),
            OverviewPage(overview: dependencies.overview, statements: dependencies.statements),
        ]
        let all = readings + forms
        let admission = Admission(
            area: .console, sessions: ConsoleSessions(dependencies: dependencies), renderer: renderer,
            destinations: Destinations(all.map(\.path), in: .console)
        ) { (visit, maximumBytes) throws(RequestFailure) in
            try await downloads.form(visit.request, of: visit.account, maximumBytes: maximumBytes)
        }
        let signIn = SignInPages(admission: admission, formPages: all)
        pages =
            all.flatMap(admission.pages) + signIn.pages
            + [
                admission.download("/statements/download") { (visit) throws(RequestFailure) in
                    try await downloads.statement(visit.request, of: visit.account)
                },
                admission.download("/reconciliations/download") { (visit) throws(RequestFailure) in
                    try await downloads.differences(visit.request, of: visit.principal)
                },
                admission.download(ChargesFile.path) { (visit) throws(RequestFailure) in
                    try await charges.download(visit)
                },
                admission.download("/file/download") { (visit) throws(RequestFailure) in
                    try await decisionFile.download(visit)
                },
            ] + StaticFiles.pages(.console)
    }

    package func page(of failure: RequestFailure, requestIdentifier: String) -> SiteResponse {
        renderer.response(to: failure, requestIdentifier: requestIdentifier)
    }
}

/// The services that the console uses.
package struct ConsoleDependencies: Sendable {
    let decisions: any DecisionRepository
    let charges: any ChargeRepository
    let search: any ChargeSearchRepository
    let overview: any OverviewRepository
    let statements: any StatementRepository
    let reconciliations: any ReconciliationRepository
    let decisionFiles: any DecisionFileRepository
    let accounts: any AccountAdministration
    let activity: any ActivityRepository
    let hasher: PasswordHasher
    let login: LoginService
    /// The issuer and the verifier of the console's own tokens.
    let issuer: TokenIssuer
    let verifier: TokenVerifier
    let revocations: TokenRevocations
    let files: SiteFiles
    let now: @Sendable () -> Timestamp?

    package init(
        decisions: any DecisionRepository, charges: any ChargeRepository,
        search: any ChargeSearchRepository, overview: any OverviewRepository,
        statements: any StatementRepository, reconciliations: any ReconciliationRepository,
        decisionFiles: any DecisionFileRepository, accounts: any AccountAdministration,
        activity: any ActivityRepository, hasher: PasswordHasher,
        login: LoginService, issuer: TokenIssuer, verifier: TokenVerifier, revocations: TokenRevocations,
        files: SiteFiles, now: @escaping @Sendable () -> Timestamp?
    ) {
        self.decisions = decisions
        self.charges = charges
        self.search = search
        self.overview = overview
        self.statements = statements
        self.reconciliations = reconciliations
        self.decisionFiles = decisionFiles
        self.accounts = accounts
        self.activity = activity
        self.hasher = hasher
        self.login = login
        self.issuer = issuer
        self.verifier = verifier
        self.revocations = revocations
        self.files = files
        self.now = now
    }
}
