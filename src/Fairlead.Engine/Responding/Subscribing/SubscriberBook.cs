using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Subscribing;

/// <summary>Who wants to be told what status pages say. Bounded: a page is open to everybody.</summary>
public sealed class SubscriberBook((IStore Store, Func<Fence> Fence) to, World world)
{
    /// <summary>Of one page.</summary>
    public const int SubscribersMax = 10_000;

    /// <summary>Of one page, who did not confirm yet.</summary>
    public const int AskedMax = 1_000;

    /// <summary>Of one page within an hour: a page is no way to send mails to strangers.</summary>
    public const int AsksPerHourMax = 60;

    private const string TellsMark = "status-told";
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(2);

    private readonly ConcurrentDictionary<string, Subscriber> all = new(StringComparer.Ordinal);

    /// <summary>Those of a page that confirmed.</summary>
    public IReadOnlyList<Subscriber> Of(string page) =>
        [
            .. all
                .Values.Where(one => one.Page == page && one.ConfirmedAt is not null)
                .OrderBy(static one => one.Id, StringComparer.Ordinal),
        ];

    public Subscriber? Find(string id) => all.GetValueOrDefault(id);

    public static string IdOf(string page, string mail) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{page}\n{mail.ToLowerInvariant()}")))[..32];

    /// <summary>Reads what is kept.</summary>
    public async Task LoadAsync(CancellationToken stop)
    {
        foreach (var document in await to.Store.ListAsync(Subscriber.Collection, "", stop))
        {
            var one = Records.Read<Subscriber>(document);
            all[one.Id] = one;
        }
    }

    /// <summary>Writes down that somebody asks to be told.</summary>
    /// <returns>Whom to ask whether it was they; null when they were asked a moment ago, confirmed, or too many wait.</returns>
    public async Task<Subscriber?> AskAsync(string page, string mail, CancellationToken stop)
    {
        var (id, now) = (IdOf(page, mail), world.Now);
        var known = all.GetValueOrDefault(id);
        if (known is { ConfirmedAt: not null } || now - known?.AskedAt < AskAgainAfter)
        {
            return null;
        }
        var ofPage = all.Values.Where(one => one.Page == page).ToList();
        var open = ofPage.Where(static one => one.ConfirmedAt is null).ToList();
        if (
            ofPage.Count(one => now - one.AskedAt < AskAgainAfter) >= AsksPerHourMax
            || (known is null && (ofPage.Count - open.Count >= SubscribersMax || open.Count >= AskedMax))
        )
        {
            return null;
        }
        var next = new Subscriber(id, page, mail, now);
        var old = open.Where(one => one.Id != id && now - one.AskedAt > ForgottenAfter).ToList();
        await CommitAsync([Kept(next), .. old.Select(Gone)], entry: null, stop);
        old.ForEach(one => all.TryRemove(one.Id, out _));
        all[id] = next;
        return next;
    }

    /// <summary>The owner of the address says that it is wanted.</summary>
    /// <returns>Null when nobody asked, or it is too long ago.</returns>
    public async Task<Subscriber?> ConfirmAsync(string id, CancellationToken stop)
    {
        if (all.GetValueOrDefault(id) is not { } known || known.ConfirmedAt is not null)
        {
            return all.GetValueOrDefault(id);
        }
        if (world.Now - known.AskedAt > ForgottenAfter)
        {
            return null;
        }
        var next = known with { ConfirmedAt = world.Now };
        // Whose address it is stands in no journal.
        await CommitAsync([Kept(next)], $"somebody subscribed to the status page {known.Page}", stop);
        all[id] = next;
        return next;
    }

    /// <summary>It is not wanted any more. Nothing is kept of them.</summary>
    public async Task<Subscriber?> EndAsync(string id, CancellationToken stop)
    {
        if (all.GetValueOrDefault(id) is not { } known)
        {
            return null;
        }
        await CommitAsync([Gone(known)], $"somebody left the status page {known.Page}", stop);
        all.TryRemove(id, out _);
        return known;
    }

    /// <summary>What subscribers of a page were told; null where nobody was told anything yet.</summary>
    public async Task<Told?> ToldAsync(string page, CancellationToken stop) =>
        await to.Store.ReadAsync(TellsMark, page, stop) is { } document ? Records.Read<Told>(document) : null;

    /// <summary>Writes down what is told together with the deliveries of it: both or neither.</summary>
    public Task KeepAsync(string page, Told told, IReadOnlyList<Write> deliveries, CancellationToken stop) =>
        CommitAsync([new Write(TellsMark, page, Records.Tree(told)), .. deliveries], entry: null, stop);

    /// <param name="Keys">Of what was told and is still news.</param>
    public sealed record Told(IReadOnlyList<string> Keys);

    private static Write Kept(Subscriber one) => new(Subscriber.Collection, one.Id, Records.Tree(one));

    private static Write Gone(Subscriber one) => new(Subscriber.Collection, one.Id, Body: null);

    private Task<IReadOnlyList<JournalEntry>> CommitAsync(
        IReadOnlyList<Write> writes,
        string? entry,
        CancellationToken stop
    ) =>
        to.Store.CommitAsync(
            new Change(to.Fence())
            {
                Entries = entry is null
                    ? []
                    : [new NewEntry(AccessBook.Platform, Deployment: null, "status-page", entry)],
                Writes = writes,
            },
            stop
        );
}
