using System.Net.Mail;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Alerting;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Subscribing;

/// <summary>What people do to be told what a status page says: ask, confirm by a link that comes by mail, and leave by one that every mail has.</summary>
/// <param name="open">The seal of links.</param>
public sealed class SubscriberDesk(
    SubscriberBook book,
    (RoutingBook Routing, Courier Courier) telling,
    (IStore Store, Func<Fence> Fence) to,
    (World World, Func<string> Url) own,
    Func<CancellationToken, Task<ISeal>> open
)
{
    /// <summary>What a receiver is called that is a subscriber.</summary>
    public const string Prefix = "subscriber:";

    /// <summary>Where links of mails lead to, below the page.</summary>
    public const string LinkFolder = "/subscription/";

    private IReadOnlyDictionary<string, string> ways = new Dictionary<string, string>(StringComparer.Ordinal);

    private const string Purpose = "status-subscriber";
    private const string Email = "email";
    private const int MailLettersMax = 254;

    /// <summary>How a subscriber is told; nothing when the page has nobody who tells.</summary>
    /// <param name="receiver">Such as <c>subscriber:1f3a...</c>.</param>
    public IReadOnlyList<ReceiverChannel> ChannelsOf(string receiver) =>
        receiver.StartsWith(Prefix, StringComparison.Ordinal)
        && book.Find(receiver[Prefix.Length..]) is { } subscriber
        && ways.GetValueOrDefault(subscriber.Page) is { } way
        && telling
            .Routing.Plan.Receivers.GetValueOrDefault(way)
            ?.Channels.FirstOrDefault(static one => one.Kind == Email)
            is { } channel
            ?
            [
                channel with
                {
                    Settings = channel.Settings with
                    {
                        Values = new Dictionary<string, IReadOnlyList<string>>(channel.Settings.Values)
                        {
                            ["to"] = [subscriber.Mail],
                        },
                        SendsResolved = true,
                    },
                },
            ]
            : [];

    /// <summary>Reads by which receiver each page tells its subscribers.</summary>
    public async Task<IReadOnlyList<StatusPage>> LookAsync(CancellationToken stop)
    {
        var pages = (await to.Store.ListAsync(StatusPage.Collection, "", stop))
            .Select(Records.Read<StatusPage>)
            .ToList();
        Volatile.Write(
            ref ways,
            pages
                .Where(static one => one.Receiver is not null)
                .ToDictionary(static one => one.Name, static one => one.Receiver!, StringComparer.Ordinal)
        );
        return pages;
    }

    /// <summary>Whether a page tells anybody by mail.</summary>
    public bool TellsOf(string page) => Volatile.Read(ref ways).ContainsKey(page);

    /// <summary>Whether a text can be an address of mail.</summary>
    public static bool IsMail(string text) =>
        text.Length is > 2 and <= MailLettersMax
        && !text.Any(static one => char.IsControl(one) || char.IsWhiteSpace(one) || one is ',' or ';' or '<' or '>')
        && MailAddress.TryCreate(text, out var read)
        && read.Address == text;

    /// <summary>Somebody asks to be told. What they see is the same whether the address is known or not.</summary>
    /// <returns>Whether the page tells anybody at all.</returns>
    public async Task<bool> AskAsync(string page, string mail, CancellationToken stop)
    {
        var pages = await LookAsync(stop);
        if (pages.FirstOrDefault(one => one.Name == page) is not { Receiver: not null } found)
        {
            return false;
        }
        if (await book.AskAsync(page, mail, stop) is { } asked)
        {
            var letter = new Letter(
                $"Do you want to be told what {found.Title} says?",
                [$"Somebody, probably you, asked for it at {PlaceOf(page)}. If it was not you, do nothing."],
                $"asked {asked.AskedAt.ToUnixTimeMilliseconds()}"
            );
            var deliveries = await OfAsync(asked, letter, stop);
            await to.Store.CommitAsync(new Change(to.Fence()) { Writes = [.. deliveries.Select(Written)] }, stop);
            telling.Courier.Take(deliveries);
        }
        return true;
    }

    /// <summary>Whose link it is; null for one that is not ours.</summary>
    public async Task<Subscriber?> FindAsync(string token, CancellationToken stop) =>
        (await open(stop)).Open(token, Purpose) is { } id ? book.Find(id) : null;

    /// <inheritdoc cref="SubscriberBook.ConfirmAsync"/>
    public Task<Subscriber?> ConfirmAsync(Subscriber subscriber, CancellationToken stop) =>
        book.ConfirmAsync(subscriber.Id, stop);

    /// <inheritdoc cref="SubscriberBook.EndAsync"/>
    public Task<Subscriber?> EndAsync(Subscriber subscriber, CancellationToken stop) =>
        book.EndAsync(subscriber.Id, stop);

    /// <summary>What is said to one subscriber.</summary>
    /// <param name="Key">Known by it, so that nobody hears it twice.</param>
    internal sealed record Letter(string Headline, IReadOnlyList<string> Lines, string Key);

    internal static Write Written(Delivery one) => new(Delivery.Collection, one.Id, Records.Tree(one));

    internal async Task<IReadOnlyList<Delivery>> OfAsync(Subscriber subscriber, Letter letter, CancellationToken stop)
    {
        var seal = await open(stop);
        var link = $"{PlaceOf(subscriber.Page)}{LinkFolder}{seal.Seal(subscriber.Id, Purpose)}";
        return telling.Courier.Of(
            Prefix + subscriber.Id,
            new Notification
            {
                Id = SubscriberBook.IdOf(subscriber.Id, letter.Key),
                Receiver = Prefix + subscriber.Id,
                GroupKey = $"status:{subscriber.Page}",
                GroupLabels = Labels.None,
                // Of no alert: the public is told what the page says, and nothing of what is behind it.
                Alerts = [new Alert(Labels.Of([new(Alert.NameLabel, "StatusPage")]), Labels.None, own.World.Now)],
                IsBare = true,
                At = own.World.Now,
                ExternalUrl = PlaceOf(subscriber.Page),
                Headline = letter.Headline,
                Notes = letter.Lines,
                Links = [new(subscriber.ConfirmedAt is null ? "Yes, tell me" : "Tell me no more", link)],
            }
        );
    }

    internal void Take(IReadOnlyList<Delivery> deliveries) => telling.Courier.Take(deliveries);

    internal string PlaceOf(string page) => $"{own.Url()}/status/{page}";
}
