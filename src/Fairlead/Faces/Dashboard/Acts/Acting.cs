using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.SignIn;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.AspNetCore.Http.Features;

namespace Fairlead.Faces.Dashboard.Acts;

/// <summary>Does what a form asks for: the operation that it names, as whoever sent it, through the gate.</summary>
internal sealed class Acting(Gatekeeper gatekeeper, FormProof proof)
{
    public const string Path = "/ui/act";
    private const int BodyBytesMax = 64 * 1024;
    private const string Given = "in.";
    private const string Picked = "of.";
    private const int PicksMax = 50;

    /// <returns>Where the browser goes on, and what was wrong; null when it was done.</returns>
    public async Task<(string Back, Problem? Problem)> RunAsync(
        HttpContext http,
        Principal caller,
        CancellationToken stop
    )
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = BodyBytesMax;
        if (!http.Request.HasFormContentType)
        {
            return (DashboardFace.Folder, NoForm());
        }
        var form = await http.Request.ReadFormAsync(stop);
        var back = BackOf(form["back"].ToString());
        var session = Browser.SecretOf(http.Request);
        if (!proof.Holds(session, form["proof"].ToString()))
        {
            return (back, Stale());
        }
        if (AllActs.Find(form["operation"].ToString()) is not { } operation)
        {
            return (back, Unknown());
        }
        // The app's name for what takes it from users, whatever the form says; else what the form asks for.
        var word = AllActs.IsConfirmed(operation) ? form[Given + "app"].ToString() : form["confirms"].ToString();
        if (word.Length > 0 && form["confirm"].ToString().Trim() != word)
        {
            return (back, Unconfirmed(word));
        }
        var shared = TextsOf(form, Given);
        var picks = form["pick"].OfType<string>().Distinct(StringComparer.Ordinal).Take(PicksMax + 1).ToList();
        var severally = form.Keys.Any(static one => one.StartsWith(Picked, StringComparison.Ordinal));
        if (severally && picks.Count is 0 or > PicksMax)
        {
            return (back, NothingChosen());
        }
        var done = 0;
        try
        {
            JsonNode answer = new JsonObject();
            foreach (var pick in severally ? picks : [""])
            {
                var texts = severally ? [.. TextsOf(form, $"{Picked}{pick}."), .. shared] : shared;
                answer = await gatekeeper.RunAsync(operation, Act.Typed(operation, texts), caller, stop);
                done++;
            }
            var undo = severally ? "" : Undoing.Query(operation, shared, answer);
            return (
                $"{Next(back, operation, answer)}did={operation.Name}&by={proof.MarkOf(session, operation.Name)}{undo}",
                null
            );
        }
        catch (ProblemException caught)
        {
            return (
                back,
                done == 0
                    ? caught.Problem
                    : caught.Problem with
                    {
                        What = $"{done} of {picks.Count} were done. {caught.Problem.What}",
                    }
            );
        }
    }

    private static List<KeyValuePair<string, string>> TextsOf(IFormCollection form, string prefix) =>
        [
            .. form.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(one => KeyValuePair.Create(one.Key[prefix.Length..], one.Value.ToString().Trim())),
        ];

    // Only within: a form that somebody forged must not lead elsewhere either.
    private static string BackOf(string asked) =>
        asked.StartsWith(DashboardFace.Folder, StringComparison.Ordinal)
        && !asked.Contains('\\')
        && !asked.Any(char.IsControl)
        && asked.Length <= 2_000
            ? asked
            : DashboardFace.Folder;

    // What an act began is what its person wants to see next. What is said of it is added behind.
    private static string Next(string back, Operation operation, JsonNode answer) =>
        operation.Name == "rollback" && answer["id"] is JsonValue id
            ? $"{DashboardFace.Folder}deployments/{Uri.EscapeDataString($"{id}")}?"
        : operation.Name == "incident.open" && answer["incident"] is JsonValue number
            ? $"{DashboardFace.Folder}incidents/{number}?"
        : Without(back) is var plain && plain.Contains('?') ? $"{plain}&"
        : $"{plain}?";

    // What was said of the act before.
    private static string Without(string back)
    {
        var at = back.IndexOf("did=", StringComparison.Ordinal);
        return at < 0 ? back : back[..at].TrimEnd('?', '&');
    }

    private static Problem NoForm() =>
        new(
            "dashboard.no-form",
            "That is no form.",
            "Pages send theirs as application/x-www-form-urlencoded.",
            "Programs use the API: POST /api/{operation}"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Stale() =>
        new(
            "dashboard.stale-form",
            "Nothing was done.",
            Texts.Stale,
            "Go back, look at the page as it is now, and do it again."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Unknown() =>
        new(
            "dashboard.unknown-act",
            "Nothing was done.",
            "No page has a form for that.",
            "Use the command line: fairlead help"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem NothingChosen() =>
        new(
            "dashboard.nothing-chosen",
            "Nothing was done.",
            $"It takes 1 to {PicksMax} rows, chosen by their boxes.",
            "Go back and choose."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Unconfirmed(string word) =>
        new(
            "dashboard.unconfirmed",
            "Nothing was done.",
            $"It takes '{word}', typed, to confirm it.",
            "Go back and type it."
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
