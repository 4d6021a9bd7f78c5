using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>Prices on a day. What is not in it has no price: nobody guesses one.</summary>
public sealed class PriceBook
{
    private const string Name = "Fairlead.Engine.Infrastructure.Costs.prices.json";
    private const int BytesMax = 4 * 1024 * 1024;

    private static readonly Lazy<PriceBook> Shipped = new(static () =>
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream(Name)!; // It is built in.
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return Read(bytes.ToArray());
    });

    private readonly FrozenDictionary<(string Item, string Unit, string Region), decimal> prices;

    private PriceBook(string date, IReadOnlyDictionary<(string, string, string), decimal> prices) =>
        (Date, this.prices) = (date, prices.ToFrozenDictionary());

    /// <summary>The book that is built in.</summary>
    public static PriceBook Usual => Shipped.Value;

    /// <summary>The day of its prices, such as <c>2025-01-01</c>; of two books that were put together, both.</summary>
    public string Date { get; }

    /// <summary>A price in US dollars; null when it is not known.</summary>
    /// <param name="item">Such as <c>ec2/t3.medium</c>.</param>
    /// <param name="unit">Such as <c>hour</c>.</param>
    public decimal? Find(string item, string unit, string? region) =>
        region is not null && prices.TryGetValue((item, unit, region), out var price) ? price
        : prices.TryGetValue((item, unit, "*"), out price) ? price
        : null;

    /// <summary>This book with another's prices in place of its own.</summary>
    public PriceBook With(PriceBook other)
    {
        var all = prices.ToDictionary();
        foreach (var (key, price) in other.prices)
        {
            all[key] = price;
        }
        return new($"{Date}; your own: {other.Date}", all);
    }

    /// <summary>Reads a book: <c>{"date": "2025-01-01", "prices": [{"item": "ec2/t3.medium", "unit": "hour", "regions": {"*": 0.04}}]}</c>.</summary>
    /// <exception cref="ProblemException">It cannot be read, or a price is below 0.</exception>
    public static PriceBook Read(ReadOnlyMemory<byte> json)
    {
        if (json.Length > BytesMax)
        {
            throw Refused($"It has {json.Length} bytes, and at most {BytesMax} are read.");
        }
        Written? written;
        try
        {
            written = JsonSerializer.Deserialize<Written>(json.Span);
        }
        catch (JsonException caught)
        {
            throw Refused(caught.Message);
        }
        if (written is not { Date: { } date, Prices: { } lines })
        {
            throw Refused("It takes a 'date' and 'prices'.");
        }
        var read = new Dictionary<(string, string, string), decimal>();
        foreach (var line in lines)
        {
            if (line is not { Item: { } item, Unit: { } unit, Regions: { } regions })
            {
                throw Refused("Each price takes an 'item', a 'unit' and 'regions'.");
            }
            foreach (var (region, price) in regions)
            {
                if (price is < 0 or > 1_000_000)
                {
                    throw Refused(
                        $"The price of {Manifests.Reading.Shown.Quoted(item)} is {price}: it takes 0 to 1000000."
                    );
                }
                read[(item, unit, region)] = price;
            }
        }
        return new(Manifests.Reading.Shown.Line(date), read);
    }

    private static ProblemException Refused(string why) =>
        InfrastructureProblems.Wrong(
            "infra.prices",
            "The prices cannot be read.",
            why,
            """Write: {"date": "2026-01-31", "prices": [{"item": "ec2/t3.medium", "unit": "hour", "regions": {"*": 0.04}}]}"""
        );

    private sealed record Written
    {
        [JsonPropertyName("date")]
        public string? Date { get; init; }

        [JsonPropertyName("prices")]
        public IReadOnlyList<Line?>? Prices { get; init; }
    }

    private sealed record Line
    {
        [JsonPropertyName("item")]
        public string? Item { get; init; }

        [JsonPropertyName("unit")]
        public string? Unit { get; init; }

        [JsonPropertyName("regions")]
        public IReadOnlyDictionary<string, decimal>? Regions { get; init; }
    }
}
