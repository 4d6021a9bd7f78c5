namespace Storefront.Api;

/// <summary>Buyers place orders; workers take, return and finish them.</summary>
public static class Ordering
{
    private const int LinesMax = 20;
    private const int QuantityMax = 10;
    private const int WordLengthMax = 64;

    public sealed record Basket(string? Key, IReadOnlyList<Line>? Lines);

    public static void MapOrders(this WebApplication app)
    {
        app.MapGet("/api/orders", ListAsync);
        app.MapPost("/api/orders", PlaceAsync);
        app.MapPost("/api/orders/next", NextAsync);
        app.MapPost(
            "/api/orders/{number:int}/packed",
            (int number, string worker, OrderLog log, CancellationToken stop) =>
                FinishAsync(number, worker, "packed", log, stop)
        );
        app.MapPost(
            "/api/orders/{number:int}/returned",
            (int number, string worker, OrderLog log, CancellationToken stop) =>
                FinishAsync(number, worker, "returned", log, stop)
        );
    }

    private static Task<IReadOnlyList<Order>> ListAsync(OrderLog log, CancellationToken stop) =>
        log.ReadAsync(ledger => ledger.Latest(100), stop);

    /// <summary>The same key buys once, however often it is sent: a buyer who got no answer can safely ask again.</summary>
    private static async Task<IResult> PlaceAsync(Basket basket, OrderLog log, CancellationToken stop)
    {
        if (WhyRefused(basket) is { } why)
        {
            return Refuse(400, why);
        }
        var placed = await log.WriteAsync(
            (ledger, now) => ledger.Find(basket.Key!) is null ? ledger.Place(basket.Key!, basket.Lines!, now) : null,
            stop
        );
        var order = placed ?? await log.ReadAsync(ledger => ledger.Find(basket.Key!), stop);
        return placed is null ? Results.Ok(order) : Results.Created($"/api/orders/{placed.Number}", order);
    }

    private static async Task<IResult> NextAsync(
        string worker,
        OrderLog log,
        TimeProvider clock,
        CancellationToken stop
    )
    {
        // Nothing to do is the usual answer, and needs no lock.
        if (await log.ReadAsync(ledger => ledger.Take(worker, clock.GetUtcNow()) is null, stop))
        {
            return Results.NoContent();
        }
        var order = await log.WriteAsync((ledger, now) => ledger.Take(worker, now), stop);
        return order is null ? Results.NoContent() : Results.Ok(order);
    }

    private static async Task<IResult> FinishAsync(
        int number,
        string worker,
        string what,
        OrderLog log,
        CancellationToken stop
    )
    {
        var finished = await log.WriteAsync((ledger, now) => ledger.Finish(number, worker, what, now), stop);
        var order = finished ?? await log.ReadAsync(ledger => ledger.Find(number), stop);
        return order switch
        {
            null => Refuse(404, $"There is no order {number}."),
            _ when finished is not null => Results.Ok(order),
            { State: OrderState.Packed } when order.By == worker && what is "packed" => Results.Ok(order),
            _ => Refuse(
                409,
                $"Order {number} is {order.State} by {order.By ?? "nobody"}, not in the hands of {worker}."
            ),
        };
    }

    private static string? WhyRefused(Basket basket) =>
        basket switch
        {
            { Key: null or "" or { Length: > WordLengthMax } } => $"'key' must have 1 to {WordLengthMax} characters.",
            { Lines: null or { Count: 0 or > LinesMax } } => $"'lines' must hold 1 to {LinesMax} lines.",
            _ when basket.Lines.Any(line => line is null || Shop.Find(line.Product) is null) =>
                "A line names a product that is not for sale.",
            _ when basket.Lines.Any(line => line.Quantity is < 1 or > QuantityMax) =>
                $"'quantity' must be 1 to {QuantityMax}.",
            _ => null,
        };

    private static IResult Refuse(int status, string why) => Results.Json(new { error = why }, statusCode: status);
}
