using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Turns a health check into what the manifest knows: a path, or a command.</summary>
internal static class HealthImport
{
    private static readonly string[] Locals = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"];

    public static void Apply(ServiceDraft draft, Piece.Entry entry)
    {
        if (entry.Value is not Piece.Group group)
        {
            draft.Bad(entry.Value, "healthcheck", "keys such as test and interval");
            return;
        }
        var test = Test(draft, group.Find("test"));
        if (test is ["NONE"] || group.Find("disable") is Piece.Word { Text: var yes } && ComposeValues.Yes(yes) is true)
        {
            draft.Changed(
                entry.Place,
                "healthcheck",
                "Compose never asks; Fairlead always wants to know whether a release is well, and then asks whether the port accepts a connection.",
                "Say what tells most, for example: health: /healthz"
            );
            return;
        }
        var health = new JsonObject();
        if (test.Count > 0 && !draft.IsSecret("healthcheck.test", group.Find("test")))
        {
            // A ready image may be asked at another port than that of its work; only a command can do that.
            if (Asked(test) is var (path, port) && (draft.Image is null || port == draft.Image.Port))
            {
                health["http"] = path;
            }
            else
            {
                var command = test[0] == "CMD" ? test.Skip(1) : ["sh", "-c", .. test.Skip(1)];
                health["command"] = new JsonArray([.. command.Select(static word => (JsonNode)word)]);
                if (draft.Image is null)
                {
                    draft.Changed(
                        group.Find("test")!.Place, // There are words in it.
                        "healthcheck",
                        "The command runs in the folder of what was built, in the service's own container; it finds only what the base image has.",
                        "A path tells more and needs no program: health: /healthz"
                    );
                }
            }
        }
        Time(draft, group, "interval", health, "every");
        Time(draft, group, "timeout", health, "timeout");
        Time(draft, group, "start_period", health, "startGrace");
        foreach (var rest in group.Entries.Where(static one => one.Key is "retries" or "start_interval"))
        {
            draft.NotTaken(
                rest.Place,
                $"healthcheck.{rest.Key}",
                "Fairlead takes traffic from a replica at its first bad answer, and gives it back at the next good one.",
                "Nothing is to be done; make 'every' longer where looks cost much."
            );
        }
        if (health.Count > 0)
        {
            draft.Keys["health"] = health is { Count: 1 } && health["http"] is { } alone ? alone.DeepClone() : health;
        }
    }

    private static void Time(ServiceDraft draft, Piece.Group group, string key, JsonObject health, string name)
    {
        if (group.Find(key) is not Piece.Word { IsNothing: false } word)
        {
            return;
        }
        if (ComposeValues.Time(word.Text) is { } time)
        {
            health[name] = time.Text;
            return;
        }
        draft.Bad(word, $"healthcheck.{key}", "a time such as 30s or 1m30s");
    }

    private static IReadOnlyList<string> Test(ServiceDraft draft, Piece? test) =>
        test switch
        {
            null => [],
            Piece.Word { IsNothing: true } => [],
            Piece.Word word => ["CMD-SHELL", word.Text],
            _ => [.. draft.Words("healthcheck.test", test).Select(static word => word.Text)],
        };

    /// <summary>What a service's health check asks for by HTTP; null when it does something else, or there is none.</summary>
    public static (string Path, int Port)? Asked(Piece.Group service) =>
        service.Find("healthcheck") is Piece.Group { } group ? Asked(Words(group.Find("test"))) : null;

    private static IReadOnlyList<string> Words(Piece? test) =>
        test switch
        {
            Piece.Word { IsNothing: false } word => ["CMD-SHELL", word.Text],
            Piece.Row row => [.. row.Items.OfType<Piece.Word>().Select(static word => word.Text)],
            _ => [],
        };

    /// <summary>The path, and the port, that a test asks for by curl or wget; null when it does something else.</summary>
    internal static (string Path, int Port)? Asked(IReadOnlyList<string> test)
    {
        var words = test is ["CMD-SHELL", var line] ? Simple(line) : [.. test.Skip(1)];
        if (words is not [var program, ..] || program[(program.LastIndexOf('/') + 1)..] is not ("curl" or "wget"))
        {
            return null;
        }
        var urls = words
            .Where(static word =>
                word.StartsWith("http://", StringComparison.Ordinal)
                || Array.Exists(Locals, local => word.StartsWith(local, StringComparison.Ordinal))
            )
            .ToList();
        if (urls is not [var url])
        {
            return null;
        }
        var rest = url.StartsWith("http://", StringComparison.Ordinal) ? url[7..] : url;
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        var path = slash < 0 ? "/" : rest[slash..];
        var isLocal = Array.Exists(
            Locals,
            local => authority == local || authority.StartsWith($"{local}:", StringComparison.Ordinal)
        );
        return
            isLocal
            && path.All(static letter => letter is > ' ' and <= '~')
            && !path.StartsWith("//", StringComparison.Ordinal)
            ? (path, PortOf(authority))
            : null;
    }

    private static int PortOf(string authority)
    {
        var port = authority.EndsWith(']') ? "" : authority[(authority.LastIndexOf(':') + 1)..];
        return ComposeValues.Whole(port) is > 0 and <= 65535 and var said ? said : 80;
    }

    /// <summary>The words of a line that a shell would only run, or run and then exit; none when it does more.</summary>
    private static IReadOnlyList<string> Simple(string line)
    {
        var first = line.Split("||", 2);
        var isExit = first.Length == 1 || first[1].Trim() is "exit 1" or "exit 1;" or "false" or "(exit 1)";
        var plain = first[0]
            .Replace(">/dev/null", "", StringComparison.Ordinal)
            .Replace("> /dev/null", "", StringComparison.Ordinal)
            .Replace("2>&1", "", StringComparison.Ordinal);
        return isExit && plain.IndexOfAny(['|', '&', ';', '$', '`', '<', '>']) < 0
            ? ComposeValues.Words(plain) ?? []
            : [];
    }
}
