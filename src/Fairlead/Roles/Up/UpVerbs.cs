using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Fairlead.Drivers.State;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Roles.Up;

/// <summary>The commands that start, stop and show the platform on this machine.</summary>
/// <param name="open">What belongs to a state folder; null stands for the usual one.</param>
/// <param name="platform">The server that is meant, here or elsewhere.</param>
public sealed class UpVerbs(Terminal terminal, Func<string?, UpContext> open, Func<Globals, IPlatform> platform)
{
    /// <summary>Where the platform shall listen.</summary>
    public sealed record UpInput
    {
        [Description(
            "Where apps are reached: ADDRESS:PORT. Else that of the last start, or 8080, or the next free one."
        )]
        public string? Http { get; init; }

        [Description(
            "Where apps are reached by TLS: ADDRESS:PORT. Else that of the last start, or 8443, or the next free one."
        )]
        public string? Https { get; init; }

        [Description("Where programs reach the API: ADDRESS:PORT. Else that of the last start, or 8077.")]
        public string? Api { get; init; }

        [Description("Where OTLP over gRPC is taken: ADDRESS:PORT. Else that of the last start, or 4317.")]
        public string? Otlp { get; init; }

        [Description(
            "Where the state is: 'postgres://USER:PASSWORD@HOST/DATABASE', or a file that holds this. Else FAIRLEAD_STORE, or that of the last start, or SQLite in the state folder."
        )]
        public string? Store { get; init; }

        [Description(
            "Show a server full of life: apps, traffic and people are simulated. Only in a state of its own, where no app is."
        )]
        public bool Demo { get; init; }

        [Description("Come back as soon as it is ready.")]
        public bool Background { get; init; }
    }

    /// <summary>How the platform shall stop.</summary>
    public sealed record DownInput
    {
        [Description("Leave the apps' processes running; nothing is routed to them until the next 'fairlead up'.")]
        public bool KeepApps { get; init; }
    }

    /// <summary>Where the state shall be.</summary>
    public sealed record MoveInput
    {
        [Description(
            "An empty PostgreSQL database: 'postgres://USER:PASSWORD@HOST/DATABASE', or a file that holds this."
        )]
        public required string To { get; init; }
    }

    /// <summary>What to open.</summary>
    public sealed record OpenInput
    {
        [Description("The app to open."), Positional, Names("app")]
        public string? App { get; init; }
    }

    public IReadOnlyList<Verb> All =>
        [
            new("up", "Start Fairlead on this machine, and stop it again with Ctrl-C.", typeof(UpInput), UpAsync)
            {
                Effect = Effect.Changes,
            },
            new("down", "Stop Fairlead, and the apps that it runs.", typeof(DownInput), DownAsync)
            {
                Effect = Effect.Changes,
            },
            new Verb(
                "state.move",
                "Take the state to PostgreSQL, while Fairlead is down.",
                typeof(MoveInput),
                MoveAsync
            )
            {
                Effect = Effect.Changes,
            },
            new("open", "Open an app in the browser, or print its address.", typeof(OpenInput), OpenAsync),
        ];

    private async Task<int> UpAsync(Call call, CancellationToken stop)
    {
        var reply = new Reply(terminal, "up", call.Globals);
        var context = open(call.Globals.State);
        if (Environment.IsPrivilegedProcess)
        {
            reply.Note(
                "Fairlead runs as root, and so will every app: make an account for it. See: fairlead host check"
            );
        }
        if (call.Flag("demo"))
        {
            await BeginDemoAsync(
                context,
                hasOwnStore: (call.Text("store") ?? terminal.Variable(StoreChoice.Variable)) is not null,
                stop
            );
        }
        var order = new UpOrder(call.Text("http"), call.Text("api"), call.Text("https"), call.Text("otlp"))
        {
            Store = StoreChoice.Read(call.Text("store") ?? terminal.Variable(StoreChoice.Variable), terminal.Folder),
        };
        if (call.Flag("background"))
        {
            await new LocalPlatform(context).StartAsync(order, reply.Note, stop);
            await WelcomeAsync(reply, context, stop);
            return reply.Done(
                Data(context, Addresses.TryRead(context.State)!),
                Text(Addresses.TryRead(context.State)!)
            );
        }
        using var logs = new LineLogs(
            terminal.Error,
            context.World.Clock,
            LineLogs.LevelOf(terminal.Variable("FAIRLEAD_LOG"))
        );
        using var hurry = new CancellationTokenSource();
        using var again = PosixSignalRegistration.Create(
            PosixSignal.SIGINT,
            _ =>
            {
                if (stop.IsCancellationRequested)
                {
                    hurry.Cancel();
                }
            }
        );
        await new Parent(context, logs.CreateLogger("Fairlead.Up")).RunAsync(
            order,
            (addresses, late) => TellAsync(reply, context, (addresses, late), stop),
            hurry.Token,
            stop
        );
        return 0;
    }

    /// <exception cref="ProblemException">The state is one of real apps.</exception>
    private static async Task BeginDemoAsync(UpContext context, bool hasOwnStore, CancellationToken stop)
    {
        var state = context.State;
        if (!state.IsDemo && (File.Exists(state.Database) || StoreChoice.Kept(state) is not null))
        {
            throw new ProblemException(
                new Problem(
                    "demo.over-apps",
                    What: $"No demo is made in {state.Root}.",
                    Why: "A Fairlead was started there before; nothing simulated is put among real apps.",
                    Fix: "Give the demo a state of its own: fairlead up --demo --state /tmp/fairlead-demo"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
        if (Directory.Exists(state.Demo))
        {
            return;
        }
        Directory.CreateDirectory(state.Demo);
        // Its past is written into a file of its own; a store that others share gets none.
        if (!hasOwnStore)
        {
            await Demo.DemoPast.WriteAsync(state, context.World, stop);
        }
    }

    private static async Task TellAsync(
        Reply reply,
        UpContext context,
        (Addresses Addresses, IReadOnlyList<string> Late) start,
        CancellationToken stop
    )
    {
        reply.Done(Data(context, start.Addresses), Text(start.Addresses));
        reply.Note(
            start.Late.Count == 0 ? "Ready. Ctrl-C stops Fairlead and the apps." : "Not ready yet; see the log."
        );
        if (start.Late.Count == 0)
        {
            await WelcomeAsync(reply, context, stop);
        }
    }

    /// <summary>While nobody can sign in, says how the first owner does. Beside the payload: a link is a secret, and payloads are kept.</summary>
    private static async Task WelcomeAsync(Reply reply, UpContext context, CancellationToken stop)
    {
        if (!reply.IsForPerson)
        {
            return;
        }
        var platform = new LocalPlatform(context);
        try
        {
            var people = await platform.AskAsync("person.list", [], stop);
            if (people["people"] is JsonArray { Count: 0 })
            {
                var link = (await platform.AskAsync("person.invite", new JsonObject { ["owner"] = true }, stop))[
                    "link"
                ];
                reply.Note($"Nobody can sign in yet. The first owner does here, once, within an hour: {link}");
            }
        }
        catch (ProblemException caught)
        {
            if (caught.Problem.Code is "server.stands-by")
            {
                reply.Note($"This server stands by: {caught.Problem.Why} {caught.Problem.Fix}");
                return;
            }
            // Apps run all the same.
            reply.Note($"No link for the first owner: {caught.Problem.Why} Later: fairlead person invite --owner");
        }
    }

    private static JsonObject Data(UpContext context, Addresses addresses) =>
        new()
        {
            ["apps"] = $"http://{addresses.Public}",
            ["https"] = $"https://{addresses.Https}",
            ["api"] = $"http://{addresses.Api}",
            ["otlp"] = $"http://{addresses.Otlp}",
            ["state"] = context.State.Root,
            ["pid"] = RoleNotes.Parent(context.State)?.Pid,
        };

    private static string[] Text(Addresses addresses) =>
        [
            $"apps  http://{addresses.Public}  https://{addresses.Https}",
            $"api   http://{addresses.Api}",
            $"otlp  http://{addresses.Otlp}",
        ];

    private async Task<int> DownAsync(Call call, CancellationToken stop)
    {
        var reply = new Reply(terminal, "down", call.Globals);
        var stopped = await new Stopping(open(call.Globals.State)).RunAsync(call.Flag("keepApps"), reply.Note, stop);
        var data = new JsonObject { ["wasRunning"] = stopped, ["keptApps"] = call.Flag("keepApps") };
        reply.Note(stopped ? "Fairlead is down." : "Fairlead was not running.");
        return reply.Done(data, []);
    }

    private async Task<int> MoveAsync(Call call, CancellationToken stop)
    {
        var reply = new Reply(terminal, "state.move", call.Globals);
        var context = open(call.Globals.State);
        var moved = await StoreDoor.MoveAsync(context, StoreChoice.Read(call.Text("to"), terminal.Folder)!, stop);
        reply.Note(
            "From now on 'fairlead up' finds its state there. The old file is kept: "
                + context.State.Database
                + ".moved"
        );
        return reply.Done(
            new JsonObject { ["lines"] = moved.Lines, ["documents"] = moved.Documents },
            [$"moved {moved.Lines} lines of the journal and {moved.Documents} documents"]
        );
    }

    private async Task<int> OpenAsync(Call call, CancellationToken stop)
    {
        var reply = new Reply(terminal, "open", call.Globals);
        var context = open(call.Globals.State);
        var input = new JsonObject();
        if ((call.Text("app") ?? Inputs.AppOf(terminal.Folder)) is { } app)
        {
            input["app"] = app;
        }
        var status = await platform(call.Globals).AskAsync("status", input, stop);
        var url = UrlIn(status) ?? throw new ProblemException(NothingToOpen());
        var isShown =
            terminal.Variable("DISPLAY") is { Length: > 0 } || terminal.Variable("WAYLAND_DISPLAY") is { Length: > 0 };
        if (isShown && terminal.IsOutTerminal && !call.Globals.Json)
        {
            Browser.Open(url, context);
        }
        return reply.Done(new JsonObject { ["url"] = url }, [url]);
    }

    /// <summary>The first address in a status.</summary>
    private static string? UrlIn(JsonNode? node) =>
        node switch
        {
            JsonArray list => list.Select(UrlIn).FirstOrDefault(url => url is not null),
            JsonObject record => record["urls"] is JsonArray { Count: > 0 } urls
                ? urls[0]!.GetValue<string>()
                : record.Select(one => UrlIn(one.Value)).FirstOrDefault(url => url is not null),
            _ => null,
        };

    private static Problem NothingToOpen() =>
        new("open.nothing", "There is nothing to open.", "No app has an address yet.", "Deploy one: fairlead deploy")
        {
            Trouble = Trouble.NotFound,
        };
}
