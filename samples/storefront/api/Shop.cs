namespace Storefront.Api;

/// <param name="Picture">Name of a drawing in the front end's <c>img</c> folder.</param>
public sealed record Product(string Id, string Name, string Detail, int Cents, string Picture, string Tint);

/// <summary>What is for sale, and who answers.</summary>
public static class Shop
{
    public static IReadOnlyList<Product> Products { get; } =
    [
        new("fairlead", "Brass fairlead", "Keeps a line where it belongs", 2450, "fairlead", "sea"),
        new("lantern", "Storm lantern", "Burns through a force 8", 5900, "lantern", "dusk"),
        new("mug", "Enamel mug", "Survives every galley", 1450, "mug", "sand"),
        new("rope", "Three-strand rope", "Ten metres of soft hemp", 1890, "rope", "sage"),
        new("compass", "Pocket compass", "Brass case, dry card", 3900, "compass", "clay"),
        new("duffel", "Canvas duffel", "Forty litres, waxed", 8900, "duffel", "sea"),
        new("beanie", "Watch cap", "Merino, knitted double", 2900, "beanie", "clay"),
        new("flags", "Signal flags", "Says hello, in cotton", 3250, "flags", "sand"),
        new("chart", "Harbour chart", "Fine print on heavy paper", 4400, "chart", "sage"),
    ];

    public static void MapShop(this WebApplication app)
    {
        app.MapGet("/api/products", () => Products);
        app.MapGet("/api/version", (Replica replica) => replica);
    }

    public static Product? Find(string id) => Products.FirstOrDefault(product => product.Id == id);
}
