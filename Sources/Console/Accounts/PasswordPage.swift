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

    func show(_ visit: Visit) async throws(RequestFailure) -> View { view() }

    func submit(_ visit: Visit, _ form: FormFields) async throws(RequestFailure) -> View {
        let new = try form.value("new_password") ?? ""
        if let fault = NewPassword.fault(new) { return view(fault) }
        guard try form.value("repeated_password") == new else {
            return view("The two new passwords differ.")
        }
        let user: UserAccount
        do throws(RequestFailure) {
            user = try await login.verifiedUser(
                organisation: visit.account.code, username: visit.principal.username,
                password: try form.value("current_password") ?? "", address: visit.request.address,
                deadline: visit.deadline)
        } catch {
            guard error.code == .invalidCredentials else { return view(error.description) }
            return view("The current password is wrong.")
        }
        let hash = try await hasher.hash(new, deadline: visit.deadline)
        do throws(AccountFailure) {
            try await accounts.setOwnPassword(
                toHash: hash.text, verifiedHash: user.passwordHash,
                by: ActingUser(visit.principal, address: visit.request.address), deadline: visit.deadline)
        } catch {
            return view(try error.refusal.description)
        }
        // The new password has ended the session.
        return View(seeOther: "/sign-in")
    }

    private func view(_ error: String? = nil) -> View {
        let field = { (label: String, name: String, autocomplete: String) in
            FormView.Field(label, name, type: "password").with {
                $0.isRequired = true
                $0.autocomplete = autocomplete
            }
        }
        var form = FormView(
            path,
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
