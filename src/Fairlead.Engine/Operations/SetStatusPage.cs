using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Makes a page that tells everybody how things are.</summary>
public static class SetStatusPage
{
    private const int PagesMax = 100;
    private const int ComponentsMax = 200;
    private const int LettersMax = 100;
    private const int AboutLettersMax = 500;

    public sealed record Input
    {
        [Description("A part of its address, /status/NAME; one that is known is replaced.")]
        [Positional]
        public required string Name { get; init; }

        [Description("What stands over it; the name when left out.")]
        public string? Title { get; init; }

        [Description("A sentence below the title.")]
        public string? About { get; init; }

        [Description(
            "What it shows, in this order: 'GROUP: LABEL = MONITOR', such as 'Shop: Checkout = shop/production/api'; group and label can be left out."
        )]
        public required IReadOnlyList<string> Component { get; init; }

        [Description("A host name of its own that leads to the edge, such as status.example.com; no app's.")]
        public string? Host { get; init; }

        [Description(
            "Where the host's certificate comes from; off where another program in front of the edge speaks TLS."
        )]
        public SetAddress.Certificate Tls { get; init; } = SetAddress.Certificate.Auto;

        [Description(
            "The receiver of the routing whose mail tells who subscribes to the page; nobody can when left out."
        )]
        public string? Receiver { get; init; }

        [Description("Where the authority may write to.")]
        public string? Email { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, StatusPageRow>(
            "status.page.set",
            "Tell everybody how things are, on a page of its own.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead status page set public --title 'Shop' --component 'Shop: Checkout = shop/production/api' --component gateway",
            ],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<StatusPageRow> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var store = engine.Server.Store;
        var page = Read(input, one => MonitorViews.Find(engine, one).Monitor.Key);
        if (
            page.Receiver is { } receiver
            && engine
                .Server.Response.Routing.Plan.Receivers.GetValueOrDefault(receiver)
                ?.Channels.Any(static one => one.Kind == "email")
                is not true
        )
        {
            throw new ProblemException(
                Wrong(
                    $"The receiver '{receiver}' cannot tell subscribers.",
                    "There is none of this name in the routing, or it has no email_configs.",
                    "Give it one, whose 'to' is replaced: fairlead routing set --file alerting.yaml"
                )
            );
        }
        var known = await store.ListAsync(StatusPage.Collection, "", stop);
        if (known.Count >= PagesMax && known.All(one => one.Key != page.Name))
        {
            throw new ProblemException(
                Wrong("No more pages can be made.", $"There are {PagesMax}.", "fairlead status page remove NAME")
            );
        }
        if (
            known
                .Select(Records.Read<StatusPage>)
                .Any(one => one.Name != page.Name && one.Host is { } host && host == page.Host)
        )
        {
            throw new ProblemException(
                Wrong($"{page.Host} is another page's.", "A host has one page.", "See all: fairlead status page list")
            );
        }
        await store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "status-page",
                        $"the status page {page.Name} shows {string.Join(", ", page.Groups.SelectMany(one => one.Components).Select(one => one.Monitor))}, by {engine.Caller}"
                    ),
                ],
                Writes = [new Write(StatusPage.Collection, page.Name, Records.Body(page))],
            },
            stop
        );
        await engine.Server.Address.SettleAsync(stop);
        engine.Server.Certificates.Ring();
        return StatusPageRow.Of(page);
    }

    /// <param name="keyOf">Finds the monitor that is meant.</param>
    internal static StatusPage Read(Input input, Func<string, string> keyOf)
    {
        if (!Site.IsName(input.Name))
        {
            throw new ProblemException(
                Wrong(
                    $"'{input.Name}' cannot be a page's name.",
                    "A name has at most 40 lower-case letters, digits and dashes, and begins with a letter.",
                    "Write for example: fairlead status page set public --component web"
                )
            );
        }
        if (input.Component.Count is 0 or > ComponentsMax)
        {
            throw new ProblemException(
                Wrong(
                    "The page shows nothing, or too much.",
                    $"It shows 1 to {ComponentsMax} components.",
                    "Add for example: --component shop/production/web"
                )
            );
        }
        var host = input.Host?.ToLowerInvariant();
        if (host is not null && SetAddress.Fault(host) is { } fault)
        {
            throw new ProblemException(
                Wrong(
                    $"'{Shown.Line(input.Host!)}' cannot be the page's host.",
                    fault,
                    "Write for example: --host status.example.com"
                )
            );
        }
        var groups = input
            .Component.Select(text => Split(text, keyOf))
            .GroupBy(one => one.Group, StringComparer.Ordinal)
            .Select(all => new StatusGroup(all.Key, [.. all.Select(one => one.Component)]));
        return new(input.Name, Short(input.Title ?? input.Name, LettersMax), [.. groups])
        {
            About = input.About is null ? null : Short(input.About, AboutLettersMax),
            Receiver = input.Receiver,
            Host = host,
            Tls = host is null ? null : TlsOf(input),
        };
    }

    private static TlsPolicy TlsOf(Input input) =>
        new()
        {
            Mode = Enum.Parse<TlsMode>(input.Tls.ToString()),
            Email = input.Email,
            Https = new(Redirects: false, Hsts: null),
        };

    // Shop: Checkout = shop/production/api
    private static (string Group, StatusComponent Component) Split(string text, Func<string, string> keyOf)
    {
        var equals = text.LastIndexOf('=');
        var key = keyOf(text[(equals + 1)..].Trim());
        if (equals < 0)
        {
            return ("", new(key[(key.LastIndexOf('/') + 1)..], key));
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var hasGroup = colon >= 0 && colon < equals;
        var label = Short(text[(hasGroup ? colon + 1 : 0)..equals], LettersMax);
        return (hasGroup ? Short(text[..colon], LettersMax) : "", new(label.Length > 0 ? label : key, key));
    }

    private static string Short(string text, int lettersMax) =>
        string.Concat(text.Trim().Where(letter => !char.IsControl(letter)).Take(lettersMax));

    private static Problem Wrong(string what, string why, string fix) =>
        new("status.wrong-page", what, why, fix) { Trouble = Trouble.WrongUse };
}

/// <summary>A status page in a list.</summary>
/// <param name="Path">Where it is, at this server's address.</param>
/// <param name="Host">Where it is alone; null where it has no host of its own.</param>
/// <param name="Components">Label and monitor of each.</param>
public sealed record StatusPageRow(
    string Name,
    string Title,
    string Path,
    [property: System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
        string? Host,
    [property: System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
        string? Receiver,
    IReadOnlyList<string> Components
)
{
    internal static StatusPageRow Of(StatusPage page) =>
        new(
            page.Name,
            page.Title,
            $"/status/{page.Name}",
            page.Host,
            page.Receiver,
            [
                .. page.Groups.SelectMany(group =>
                    group.Components.Select(one =>
                        $"{(group.Title.Length > 0 ? group.Title + ": " : "")}{one.Label} = {one.Monitor}"
                    )
                ),
            ]
        );
}
