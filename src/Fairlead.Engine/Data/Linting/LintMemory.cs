namespace Fairlead.Engine.Data.Linting;

/// <summary>What is known of the schema from the files that were read so far.</summary>
internal sealed class LintMemory
{
    private readonly Dictionary<(string Table, string Column), string> types = [];
    private readonly Dictionary<(string Table, string Name), string> notNullChecks = [];
    private readonly HashSet<(string Table, string Column)> provenNotNull = [];
    private readonly HashSet<string> createdHere = new(StringComparer.Ordinal);
    private readonly HashSet<(string Table, string Name)> addedHere = [];

    /// <summary>Tables of an earlier file may have rows; those of this one have none yet.</summary>
    public void BeginFile()
    {
        createdHere.Clear();
        addedHere.Clear();
    }

    public void Create(string table) => createdHere.Add(table);

    /// <summary>Made by the same file, so that nobody can be using it.</summary>
    public bool IsNew(string? table) => table is not null && createdHere.Contains(table);

    public void Type(string table, string column, string type) => types[(table, column)] = type;

    /// <summary>As it was declared, such as <c>varchar(100)</c>; null where no file said so.</summary>
    public string? TypeOf(string table, string column) => types.GetValueOrDefault((table, column));

    /// <param name="column">The column that the constraint says is never null; null where it says something else.</param>
    public void AddedUnchecked(string table, string name, string? column)
    {
        addedHere.Add((table, name));
        if (column is not null)
        {
            notNullChecks[(table, name)] = column;
        }
    }

    public bool IsAddedHere(string table, string name) => addedHere.Contains((table, name));

    public void Validated(string table, string name)
    {
        if (notNullChecks.TryGetValue((table, name), out var column))
        {
            provenNotNull.Add((table, column));
        }
    }

    public bool IsProvenNotNull(string table, string column) => provenNotNull.Contains((table, column));
}
