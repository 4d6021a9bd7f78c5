using System.Globalization;
using System.Text;
using Fairlead.Engine.Operations.Identity;
using Fairlead.Model.Security;

namespace Fairlead.Faces.SignIn;

/// <summary>Shows somebody how they sign in and where they are signed in, and lets them change it.</summary>
internal static class AccountPage
{
    /// <param name="isAsked">Something elsewhere waits for a proof, whatever the account itself would need.</param>
    public static string Of(AccountView view, bool isAsked = false)
    {
        var person = view.Person;
        return Page.Whole(
            "Your account",
            "account",
            $"""
            <div class="head"><h1>{Page.Safe(person.Name)}</h1><button id="sign-out">Sign out</button></div>
            <p class="lead">{Page.Safe(person.Email)}</p>
            <div id="said" role="alert"></div>
            {(view.IsFresh && !isAsked ? "" : Prove(person, isAsked))}
            <section aria-labelledby="passkeys"><h2 id="passkeys">Passkeys</h2>
            {Passkeys(person)}
            <form id="add-passkey">
              <label for="passkey-name">Name of a new one</label>
              <div class="row"><input id="passkey-name" name="name" maxlength="60" placeholder="Laptop" required><button>Add a passkey</button></div>
            </form></section>
            <section aria-labelledby="password"><h2 id="password">Password</h2>
            <p>{(
                person.Password is null
                    ? "You have none."
                    : "You have one. When you set a new one, all your sessions end but this."
            )}</p>
            <form id="set-password">
              <input type="email" autocomplete="username" value="{Page.Safe(person.Email)}" hidden>
              <label for="word">New password, at least 12 letters</label>
              <div class="row"><input id="word" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="128" required><button>Set password</button></div>
            </form>
            {(
                person.Password is null
                    ? ""
                    : """<button data-post="/identity/password/remove">Remove the password</button>"""
            )}
            </section>
            {Authenticator(person)}
            <section aria-labelledby="sessions"><h2 id="sessions">Where you are signed in</h2>
            {Sessions(view.Sessions)}
            </section>
            """
        );
    }

    private static string Prove(Person person, bool isAsked) =>
        $"""
            <section class="note"><h2>Confirm that it is you</h2>
            <p>{(isAsked ? "What you were about to do needs" : "Changes to how you sign in need")} a proof that is younger than ten minutes.</p>
            {(person.Passkeys.Count > 0 ? """<button id="prove-passkey" class="main">Confirm with a passkey</button>""" : "")}
            {(
                person.Authenticator is null
                    ? ""
                    : """<form id="prove-code"><label for="prove">Code</label><div class="row"><input id="prove" name="code" autocomplete="one-time-code" maxlength="24" required><button>Confirm with a code</button></div></form>"""
            )}
            {(
                person is not { Passkeys.Count: 0, Authenticator: null } ? ""
                : person.Password is null ? "<p>Sign out and sign in again.</p>"
                : $"""<form id="prove-password"><input type="email" autocomplete="username" value="{Page.Safe(person.Email)}" hidden><label for="own">Password</label><div class="row"><input id="own" name="password" type="password" autocomplete="current-password" maxlength="128" required><button class="main">Confirm with the password</button></div></form>"""
            )}
            </section>
            """;

    private static string Passkeys(Person person)
    {
        if (person.Passkeys.Count == 0)
        {
            return "<p>You have none.</p>";
        }
        var rows = new StringBuilder();
        foreach (var key in person.Passkeys)
        {
            rows.Append(
                $"""
                <tr><th scope="row">{Page.Safe(key.Name)}</th><td>{When(key.CreatedAt)}</td><td>{(
                    key.UsedAt is { } at ? When(at) : "never"
                )}</td>
                <td><button data-post="/identity/passkeys/remove" data-id="{Page.Safe(key.Id)}" aria-label="Remove {Page.Safe(key.Name)}">Remove</button></td></tr>
                """
            );
        }
        return $"""<div class="scroll"><table><thead><tr><th scope="col">Name</th><th scope="col">Added</th><th scope="col">Used</th><th scope="col"><span class="sr">Remove</span></th></tr></thead><tbody>{rows}</tbody></table></div>""";
    }

    private static string Authenticator(Person person) =>
        person.Password is null
            ? ""
            : $"""
                <section aria-labelledby="authenticator"><h2 id="authenticator">Authenticator</h2>
                {(
                    person.Authenticator is null
                        ? """<p>An app on your phone that makes a code, which is asked for beside the password.</p><button id="begin-authenticator">Add an authenticator</button><div id="authenticator-part"></div>"""
                        : $"""<p>You have one, and {person.RecoveryCodes.Count} recovery codes.</p><button data-post="/identity/authenticator/remove">Remove the authenticator</button>"""
                )}
                </section>
                """;

    private static string Sessions(IReadOnlyList<SessionView> sessions)
    {
        var rows = new StringBuilder();
        foreach (var session in sessions)
        {
            var end = session.IsThis
                ? """<span class="badge">this one</span>"""
                : $"""<button data-post="/identity/sessions/end" data-id="{session.Id}" aria-label="End the session from {Page.Safe(session.Address)}">End</button>""";
            rows.Append(
                $"""<tr><th scope="row">{Page.Safe(Short(session.Agent))}</th><td>{Page.Safe(session.Address)}</td><td>{Page.Safe(session.Way)}</td><td>{When(session.OpenedAt)}</td><td>{end}</td></tr>"""
            );
        }
        return $"""<div class="scroll"><table><thead><tr><th scope="col">Browser</th><th scope="col">From</th><th scope="col">By</th><th scope="col">Since</th><th scope="col"><span class="sr">End</span></th></tr></thead><tbody>{rows}</tbody></table></div>"""
            + (sessions.Count > 1 ? """<button data-post="/identity/sessions/end">End all others</button>""" : "");
    }

    // Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36
    private static string Short(string agent)
    {
        string[] browsers = ["Edg/", "OPR/", "Firefox/", "Chrome/", "Safari/"];
        string[] systems = ["Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"];
        var browser = browsers.FirstOrDefault(name => agent.Contains(name, StringComparison.Ordinal));
        var system = systems.FirstOrDefault(name => agent.Contains(name, StringComparison.Ordinal));
        return browser is null
            ? agent.Length == 0
                ? "unnamed"
                : agent[..Math.Min(agent.Length, 40)]
            : system is null
                ? browser.TrimEnd('/')
                : $"{browser.TrimEnd('/')} on {system}";
    }

    private static string When(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"""<time datetime="{at:O}">{at:yyyy-MM-dd HH:mm}</time>""");
}
