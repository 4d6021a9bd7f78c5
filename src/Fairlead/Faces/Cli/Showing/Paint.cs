namespace Fairlead.Faces.Cli.Showing;

/// <summary>Colours, where they are wanted.</summary>
public sealed record Paint(bool IsOn)
{
    public string Red(string text) => In("31;1", text);

    public string Green(string text) => In("32", text);

    public string Yellow(string text) => In("33", text);

    public string Bold(string text) => In("1", text);

    public string Dim(string text) => In("2", text);

    private string In(string code, string text) => IsOn ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
