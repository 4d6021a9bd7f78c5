using System.Text.Json.Serialization;

namespace Storefront.Api;

public sealed record Line(string Product, int Quantity);

[JsonConverter(typeof(JsonStringEnumConverter<OrderState>))]
public enum OrderState
{
    [JsonStringEnumMemberName("new")]
    New,

    [JsonStringEnumMemberName("packing")]
    Packing,

    [JsonStringEnumMemberName("packed")]
    Packed,
}

/// <param name="By">The worker that packs or packed it.</param>
/// <param name="Until">When a worker that has not finished loses it to another.</param>
public sealed record Order(
    int Number,
    DateTimeOffset At,
    IReadOnlyList<Line> Lines,
    int Cents,
    OrderState State,
    string? By = null,
    DateTimeOffset? Until = null
);

/// <summary>One line of the file: something that happened to an order.</summary>
/// <param name="What">placed, taken, returned or packed. A later release may write more; what is unknown is passed over.</param>
/// <param name="Key">The buyer's own name for the order, so that asking twice buys once.</param>
public sealed record Happening(
    string What,
    int Number,
    DateTimeOffset At,
    string? Key = null,
    IReadOnlyList<Line>? Lines = null,
    int? Cents = null,
    string? By = null
);

/// <summary>All orders, as the happenings so far make them. Decides what may happen next; writes nothing itself.</summary>
public sealed class Ledger
{
    private static readonly TimeSpan s_packingTime = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<int, Order> _orders = [];
    private readonly SortedSet<int> _unpacked = [];
    private readonly Dictionary<string, int> _keys = [];
    private readonly List<int> _changed = [];

    /// <summary>How many happenings there were; the same in every replica, since all read the same file.</summary>
    public int Length => _changed.Count;

    public Order? Find(int number) => _orders.GetValueOrDefault(number);

    public Order? Find(string key) => _keys.TryGetValue(key, out var number) ? Find(number) : null;

    /// <summary>The latest orders, oldest first.</summary>
    public IReadOnlyList<Order> Latest(int count) => [.. _orders.Values.Reverse().Take(count).Reverse()];

    /// <summary>The orders that changed after the first <paramref name="length"/> happenings, each once, as they are now.</summary>
    public IReadOnlyList<Order> ChangedSince(int length) =>
        [.. _changed.Skip(length).Distinct().Select(Find).OfType<Order>()];

    public Happening Place(string key, IReadOnlyList<Line> lines, DateTimeOffset now)
    {
        var cents = lines.Sum(line => Shop.Find(line.Product)!.Cents * line.Quantity);
        return new("placed", 1001 + _orders.Count, now, key, lines, cents);
    }

    /// <summary>Gives the oldest order that waits, or whose worker is overdue; null when there is none.</summary>
    public Happening? Take(string worker, DateTimeOffset now) =>
        _unpacked.Select(number => _orders[number]).FirstOrDefault(order => !(order.Until > now)) is { } order
            ? new("taken", order.Number, now, By: worker)
            : null;

    /// <summary>Null when the order is not in this worker's hands.</summary>
    public Happening? Finish(int number, string worker, string what, DateTimeOffset now) =>
        Find(number) is { State: OrderState.Packing } order && order.By == worker
            ? new(what, number, now, By: worker)
            : null;

    public void Apply(Happening happening)
    {
        _changed.Add(happening.Number);
        var order = Find(happening.Number);
        if (happening is { What: "placed", Lines: { } lines, Cents: { } cents })
        {
            order = new(happening.Number, happening.At, lines, cents, OrderState.New);
            _unpacked.Add(order.Number);
            _keys[happening.Key ?? ""] = order.Number;
        }
        else if (order is not null)
        {
            order = Changed(order, happening);
        }
        if (order is { State: OrderState.Packed })
        {
            _unpacked.Remove(order.Number);
        }
        if (order is not null)
        {
            _orders[order.Number] = order;
        }
    }

    private static Order Changed(Order order, Happening happening) =>
        happening.What switch
        {
            "taken" => order with
            {
                State = OrderState.Packing,
                By = happening.By,
                Until = happening.At + s_packingTime,
            },
            "returned" => order with { State = OrderState.New, By = null, Until = null },
            "packed" => order with { State = OrderState.Packed, By = happening.By, Until = null },
            _ => order,
        };
}
