using Fairlead.Drivers.Shell;
using Fairlead.Drivers.Stores;

namespace Fairlead.Drivers.State;

/// <summary>
/// Which store a state folder has: SQLite in it, or a PostgreSQL elsewhere. Kept beside, readable by the owner alone, so that a start
/// that does not say it begins with the same.
/// </summary>
public static class StoreChoice
{
    /// <summary>Says it where nothing is typed.</summary>
    public const string Variable = "FAIRLEAD_STORE";

    /// <summary>Tells a server which parent started it: another one of the same parent need not wait for it.</summary>
    public const string SeatVariable = "FAIRLEAD_SEAT";

    private const string Usual = "sqlite";

    /// <summary>The one that is kept; null for SQLite.</summary>
    public static string? Kept(StateFolder state) => DurableFile.TryReadJson<Choice>(FileOf(state))?.Store;

    public static void Keep(StateFolder state, string store) => DurableFile.WriteJson(FileOf(state), new Choice(store));

    /// <summary>What somebody said, with the whole path of a file; null when nobody did.</summary>
    /// <param name="folder">Where it was said.</param>
    public static string? Read(string? said, string folder) =>
        said is not { Length: > 0 } ? null
        : said is Usual || PostgresAddress.IsMeantAsUrl(said) ? said
        : Path.GetFullPath(said, folder);

    public static bool IsUsual(string store) => store is Usual;

    private static string FileOf(StateFolder state) => Path.Combine(state.Root, "store");

    private sealed record Choice(string Store);
}
