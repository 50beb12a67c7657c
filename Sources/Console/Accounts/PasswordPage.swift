import Authentication
import Charges
import HTTPFront

/// The page on which a person sets a new password of their own. It asks for the current one, within the limits of logins.
struct PasswordPage: Page {
    let accounts: any AccountAdministration
    let login: LoginService
    let hasher: PasswordHasher

    let path = "/password"
    let formRole: Role? = .viewer

    func show(_ visit: Visit) async throws(RequestFailure) -> View { OwnPassword.view(in: .console) }

    func submit(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View {
        let own = try OwnPassword(form)
        if let fault = own.fault { return OwnPassword.view(fault, in: .console) }
        let user: UserAccount
        do throws(RequestFailure) {
            user = try await login.verifiedUser(
                organisation: visit.account.code, username: visit.principal.username,
                password: own.current, address: visit.request.address, deadline: visit.deadline)
        } catch {
            return OwnPassword.view(OwnPassword.fault(of: error), in: .console)
        }
        let hash = try await hasher.hash(own.new, deadline: visit.deadline)
        do throws(AccountFailure) {
            try await accounts.setOwnPassword(
                toHash: hash.text, verifiedHash: user.passwordHash,
                by: ActingUser(visit.principal, address: visit.request.address), deadline: visit.deadline)
        } catch {
            return OwnPassword.view(try error.refusal.description, in: .console)
        }
        // The new password has ended the session.
        return View(seeOther: "/sign-in")
    }
}

/// The form of a new password of one's own.
struct OwnPassword {
    let current: String
    let new: String
    private let repeated: String

    init(_ form: FormFields) throws(RequestFailure) {
        current = try form.value("current_password") ?? ""
        new = try form.value("new_password") ?? ""
        repeated = try form.value("repeated_password") ?? ""
    }

    /// What is wrong with the new password; `nil` if nothing is.
    var fault: String? {
        NewPassword.fault(new) ?? (repeated == new ? nil : "The two new passwords differ.")
    }

    /// What the page says if the current password could not be verified.
    static func fault(of failure: RequestFailure) -> String {
        failure.code == .invalidCredentials ? "The current password is wrong." : failure.description
    }

    static func view(_ error: String? = nil, in area: SiteArea) -> View {
        let field = { (label: String, name: String, autocomplete: String) in
            FormView.Field.newPassword(label, name).with { $0.autocomplete = autocomplete }
        }
        var form = FormView(
            "/password", in: area,
            [
                field("Current password", "current_password", "current-password"),
                field("New password", "new_password", "new-password"),
                field("New password once more", "repeated_password", "new-password"),
            ], button: "Set the new password")
        form.error = error
        return View(
            .details, title: "Password",
            DetailsView(
                introduction: "A new password ends all your sessions, this one too. It must have at least "
                    + "\(PasswordRule.minimumCharacters) characters.", form: form))
    }
}
