using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Reporting;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Alerting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Engine.Responding.Telling;

/// <summary>
/// Sends reports when their month or week is over. How far each order came is written down together with what is to be delivered, so each
/// period is sent once, whatever is killed when; the courier tries again where a channel fails.
/// </summary>
/// <param name="make">Makes the report of an order and a period.</param>
public sealed class ReportPoster(
    RoutingBook routing,
    Courier courier,
    (IStore Store, Func<Fence> Fence) to,
    Func<ReportOrder, ReportSpan, CancellationToken, Task<ReportDocument>> make,
    (World World, ILogger Log, string ExternalUrl, Func<string> PeopleUrl) own
) : IBackgroundWork
{
    public const string Collection = "report-orders";

    /// <summary>The last numbers of a period come in a little after it.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(15);

    private const int PageLettersMax = 500_000;

    /// <summary>Of periods that were missed because nothing ran, the newest are sent.</summary>
    private const int MissedMax = 3;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);

    /// <summary>A report that cannot be made is given up so long after its period.</summary>
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(24);

    private readonly Bell bell = new(own.World.Clock);

    public string Name => "reports";

    /// <summary>How far an order came.</summary>
    /// <param name="Period">The last that is done.</param>
    /// <param name="Until">When that was over.</param>
    public sealed record Kept(string Order, string Period, DateTimeOffset Until);

    public void Ring() => bell.Ring();

    public async Task RunAsync(CancellationToken stop)
    {
        await routing.LoadAsync(stop);
        while (true)
        {
            await TurnAsync(stop);
            await bell.SleepAsync(LookEvery, stop);
        }
    }

    /// <summary>Sends what is due.</summary>
    internal async Task TurnAsync(CancellationToken stop)
    {
        var orders = routing.Plan.Reports;
        foreach (var order in orders)
        {
            await FollowAsync(order, stop);
        }
        var keys = orders.Select(static one => one.Key).ToHashSet(StringComparer.Ordinal);
        var gone = (await to.Store.ListAsync(Collection, "", stop)).Where(one => !keys.Contains(one.Key)).ToList();
        if (gone.Count > 0)
        {
            await to.Store.CommitAsync(
                new Change(to.Fence()) { Writes = [.. gone.Select(one => new Write(Collection, one.Key, Body: null))] },
                stop
            );
        }
    }

    /// <summary>Sends the report of a period now, whoever got it already.</summary>
    /// <returns>What was told, on how many channels.</returns>
    public async Task<(string Headline, int Channels)> SendAsync(
        ReportOrder order,
        ReportSpan span,
        string by,
        CancellationToken stop
    )
    {
        var told = NotificationOf(order, span, await make(order, span, stop)) with { Id = own.World.NewId() };
        var deliveries = courier.Of(order.To, told);
        await CommitAsync($"{told.Headline} Sent to {order.To} as {by} asked.", deliveries, null, stop);
        return (told.Headline ?? "", deliveries.Count);
    }

    private async Task FollowAsync(ReportOrder order, CancellationToken stop)
    {
        var now = own.World.Now;
        var last = order.LastAt(now - After);
        var document = await to.Store.ReadAsync(Collection, order.Key, stop);
        if (document is null)
        {
            // Nobody asked for what was over before anybody asked.
            await CommitAsync(null, [], KeepOf(order, last, 0), stop);
            return;
        }
        var kept = Records.Read<Kept>(document);
        var due = new List<ReportSpan>();
        for (var span = last; span.Until > kept.Until && due.Count < MissedMax; span = order.Before(span))
        {
            due.Insert(0, span);
        }
        var version = document.Version;
        foreach (var span in due)
        {
            if (!await PostAsync(order, span, KeepOf(order, span, version), stop))
            {
                return;
            }
            version++;
        }
    }

    private static Write KeepOf(ReportOrder order, ReportSpan span, int version) =>
        new(Collection, order.Key, Records.Body(new Kept($"{order}", span.Name, span.Until)), version);

    /// <returns>Whether it is done with, one way or the other.</returns>
    private async Task<bool> PostAsync(ReportOrder order, ReportSpan span, Write kept, CancellationToken stop)
    {
        try
        {
            var told = NotificationOf(order, span, await make(order, span, stop));
            var deliveries = courier.Of(order.To, told);
            var whom = deliveries.Count > 0 ? $"Sent to {order.To}." : $"Nobody was told: {order.To} has no channel.";
            await CommitAsync($"{told.Headline} {whom}", deliveries, kept, stop);
            return true;
        }
        catch (ProblemException caught)
        {
            Log.ReportNotSent(own.Log, $"{order}", caught.Problem.Code, caught.Problem.What);
            if (own.World.Now - span.Until < GivenUpAfter)
            {
                return false;
            }
            await CommitAsync(
                $"The report {order} of {span.Name} was not sent: {caught.Problem.What} {caught.Problem.Why}",
                [],
                kept,
                stop
            );
            return true;
        }
        catch (ConflictException)
        {
            return false; // Another look did it.
        }
    }

    private async Task CommitAsync(
        string? text,
        IReadOnlyList<Delivery> deliveries,
        Write? kept,
        CancellationToken stop
    )
    {
        await to.Store.CommitAsync(
            new Change(to.Fence())
            {
                Entries = text is null ? [] : [new NewEntry(AccessBook.Platform, Deployment: null, "report", text)],
                Writes = [.. kept is null ? [] : new[] { kept }, .. Delivery.Writes(deliveries)],
            },
            stop
        );
        courier.Take(deliveries);
    }

    private Notification NotificationOf(ReportOrder order, ReportSpan span, ReportDocument report)
    {
        var (text, html) = (ReportPage.Markdown(report), ReportPage.Html(report));
        var isSmall = text.Length + html.Length <= PageLettersMax;
        return new()
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{order.Key}\n{span.Name}")))[..32],
            Receiver = order.To,
            GroupKey = $"report:{order.Key}",
            GroupLabels = Labels.Of([new("report", order.Report)]),
            Alerts =
            [
                new(
                    Labels.Of([new(Alert.NameLabel, "Report"), new(Alert.SeverityLabel, "info")]),
                    Labels.Of([new("summary", report.Title)]),
                    own.World.Now
                )
                {
                    EndsAt = own.World.Now,
                },
            ],
            At = own.World.Now,
            ExternalUrl = own.ExternalUrl,
            Headline = report.Answer.Length > 0 ? $"{report.Title}: {report.Answer}" : $"{report.Title}.",
            Notes = isSmall ? report.Brief : [.. report.Brief, "The whole report is too long to be sent."],
            Links = [new("Open", $"{own.PeopleUrl()}/ui/reports")],
            IsBare = true,
            Page = isSmall ? new($"{order.Report}-{span.Name}", text, html) : null,
        };
    }
}
