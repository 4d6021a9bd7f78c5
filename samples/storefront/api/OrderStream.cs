using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Storefront.Api;

/// <summary>Orders as they change, as server-sent events.</summary>
/// <remarks>
/// An event's id counts the happenings in the shared file. It means the same to every replica of every release, so a
/// browser whose stream ends with one replica goes on with another and misses nothing.
/// </remarks>
public static class OrderStream
{
    private const int OrdersAtFirst = 12;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pulse = TimeSpan.FromSeconds(10);

    public static void MapOrderStream(this WebApplication app) =>
        app.MapGet(
            "/api/orders/stream",
            (
                [FromHeader(Name = "Last-Event-ID")] string? last,
                OrderLog log,
                IHostApplicationLifetime host,
                CancellationToken stop
            ) => TypedResults.ServerSentEvents(FollowAsync(Length(last), log, host.ApplicationStopping, stop))
        );

    private static async IAsyncEnumerable<SseItem<string>> FollowAsync(
        int? seen,
        OrderLog log,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        var quiet = s_pulse;
        while (!stopping.IsCancellationRequested)
        {
            var (orders, length) = await log.ReadAsync(ledger => (Fresh(ledger, seen), ledger.Length), stop);
            foreach (var order in orders)
            {
                yield return new(JsonSerializer.Serialize(order, JsonSerializerOptions.Web), "order")
                {
                    EventId = Text(length),
                };
            }
            quiet = orders.Count > 0 ? TimeSpan.Zero : quiet + s_look;
            seen = length;
            if (quiet > s_pulse)
            {
                quiet = TimeSpan.Zero;
                yield return new("{}", "pulse") { EventId = Text(length), ReconnectionInterval = s_look };
            }
            await Task.Delay(s_look, stop);
        }
        yield return new("{}", "goodbye") { ReconnectionInterval = s_look };
    }

    private static IReadOnlyList<Order> Fresh(Ledger ledger, int? seen) =>
        seen is { } length && length <= ledger.Length ? ledger.ChangedSince(length) : ledger.Latest(OrdersAtFirst);

    private static int? Length(string? last) =>
        int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
