namespace Fairlead.Faces.Cli.Showing;

/// <summary>Rows under a heading, columns as wide as they need.</summary>
public static class Table
{
    /// <param name="rows">Each row's cells with the names of their columns; rows may leave columns out.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<(string Name, string Value)>> rows)
    {
        var columns = rows.SelectMany(row => row.Select(cell => cell.Name))
            .Distinct()
            .Where(name => rows.Any(row => Cell(row, name).Length > 0))
            .Select(name => (Name: name, Width: Math.Max(name.Length, rows.Max(row => Cell(row, name).Length))))
            .ToArray();
        yield return Line(columns.Select(column => column.Name.ToUpperInvariant().PadRight(column.Width)));
        foreach (var row in rows)
        {
            yield return Line(columns.Select(column => Aligned(Cell(row, column.Name), column.Width)));
        }
    }

    private static string Aligned(string value, int width) =>
        value.Length > 0 && value.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '-' or '%')
            ? value.PadLeft(width)
            : value.PadRight(width);

    private static string Cell(IReadOnlyList<(string Name, string Value)> row, string name) =>
        row.FirstOrDefault(cell => cell.Name == name).Value ?? "";

    private static string Line(IEnumerable<string> cells) => string.Join("  ", cells).TrimEnd();
}
