using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Keeps who is told of what: the file as it was given, under seal, for it holds keys of chats and pagers; and silences.</summary>
/// <param name="open">The seal, which each server that may be in charge must have.</param>
/// <param name="channels">All kinds of channels.</param>
public sealed class RoutingBook(
    (IStore Store, Func<Fence> Fence) to,
    Func<CancellationToken, Task<ISeal>> open,
    IReadOnlyList<IChannel> channels,
    ILogger log
)
{
    public const string Collection = "alerting";
    public const string Silences = "silences";

    /// <summary>The largest file that is kept.</summary>
    public const int LettersMax = 1 << 20;

    private const string Key = "routing";
    private const int SilencesMax = 5_000;

    /// <summary>Silences that are over are shown for so long.</summary>
    private static readonly TimeSpan SilencesKept = TimeSpan.FromDays(7);

    private RoutingPlan plan = RoutingPlan.Empty;

    /// <summary>Who is told of what.</summary>
    public RoutingPlan Plan => Volatile.Read(ref plan);

    public IReadOnlyList<IChannel> Channels => channels;

    /// <summary>Called when it is another plan, or a silence begins or ends.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>Reads what is kept; what cannot be read leaves the plan as it was, and is logged.</summary>
    public async Task LoadAsync(CancellationToken stop)
    {
        try
        {
            if (await TextAsync(stop) is { } text)
            {
                Volatile.Write(ref plan, AlertingFile.Read(AlertingFile.Name, text, channels));
            }
        }
        catch (ProblemException caught)
        {
            Log.RoutingNotRead(log, caught.Problem.Code, caught.Problem.Why);
        }
    }

    /// <summary>The file as it was given, with all that is secret in it; null when there is none.</summary>
    /// <exception cref="ProblemException">It was sealed with another key, or damaged.</exception>
    public async Task<string?> TextAsync(CancellationToken stop)
    {
        if (await to.Store.ReadAsync(Collection, Key, stop) is not { } document)
        {
            return null;
        }
        var seal = await open(stop);
        return seal.Open(Records.Read<Kept>(document).Sealed, Collection)
            ?? throw new ProblemException(
                new Problem(
                    "alerting.sealed",
                    What: "Who is told of what cannot be read.",
                    Why: "It was sealed with another key, or the record is damaged.",
                    Fix: "Give the file again: fairlead routing set --file FILE"
                )
            );
    }

    /// <summary>From now on this file says who is told.</summary>
    /// <exception cref="ProblemException">All that is wrong with it; nothing is changed then.</exception>
    public async Task<RoutingPlan> SetAsync(string file, string text, string by, CancellationToken stop)
    {
        var read = AlertingFile.Read(file, text, channels);
        var seal = await open(stop);
        await to.Store.CommitAsync(
            new Change(to.Fence())
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "alerting",
                        $"Who is told of what was set by {by}: {read.Receivers.Count} receivers, {read.Root.All.Count()} routes"
                    ),
                ],
                Writes = [new Write(Collection, Key, Records.Body(new Kept(seal.Seal(text, Collection))))],
            },
            stop
        );
        Volatile.Write(ref plan, read);
        Changed();
        return read;
    }

    /// <summary>All silences that hold, will hold, or ended lately.</summary>
    public async Task<IReadOnlyList<Silence>> SilencesAsync(CancellationToken stop) =>
        [
            .. (await to.Store.ListAsync(Silences, "", stop))
                .Select(Records.Read<Silence>)
                .OrderBy(static one => one.Until),
        ];

    /// <summary>Adds one, or changes the one of this id.</summary>
    /// <exception cref="ProblemException">There are too many.</exception>
    public async Task SilenceAsync(Silence silence, DateTimeOffset now, CancellationToken stop)
    {
        var all = await SilencesAsync(stop);
        if (all.Count >= SilencesMax)
        {
            throw new ProblemException(
                new Problem(
                    "alert.too-many-silences",
                    What: "There are too many silences.",
                    Why: $"At most {SilencesMax} are kept.",
                    Fix: "End some: fairlead silence list, then fairlead silence remove ID"
                )
            );
        }
        var old = all.Where(one => now - one.Until > SilencesKept)
            .Select(static one => new Write(Silences, one.Id, Body: null));
        await CommitAsync(
            $"{Matching.Write(silence.Matchers)} is silenced until {silence.Until:yyyy-MM-dd HH:mm}Z by {silence.By}: {silence.Reason}",
            [new Write(Silences, silence.Id, Records.Body(silence)), .. old],
            stop
        );
    }

    /// <exception cref="ProblemException">There is no such silence that has not ended.</exception>
    public async Task<Silence> UnsilenceAsync(string id, (string By, DateTimeOffset Now) who, CancellationToken stop)
    {
        var found = (await SilencesAsync(stop)).FirstOrDefault(one => one.Id == id && one.Until > who.Now);
        if (found is null)
        {
            throw new ProblemException(
                new Problem(
                    "alert.no-silence",
                    What: $"There is no silence '{id}' that could be ended.",
                    Why: "Nothing with this id was silenced, or it is over.",
                    Fix: "See what there is: fairlead silence list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        var ended = found with { Until = who.Now, From = found.From < who.Now ? found.From : who.Now };
        await CommitAsync(
            $"The silence of {Matching.Write(found.Matchers)} was ended by {who.By}",
            [new Write(Silences, id, Records.Body(ended))],
            stop
        );
        return ended;
    }

    private async Task CommitAsync(string text, IReadOnlyList<Write> writes, CancellationToken stop)
    {
        await to.Store.CommitAsync(
            new Change(to.Fence())
            {
                Entries = [new NewEntry(AccessBook.Platform, Deployment: null, "silence", text)],
                Writes = writes,
            },
            stop
        );
        Changed();
    }

    private sealed record Kept(string Sealed);
}
