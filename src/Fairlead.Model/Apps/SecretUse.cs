using System.Text.Json.Serialization;

namespace Fairlead.Model.Apps;

/// <summary>A secret that a service is started with.</summary>
/// <param name="Variable">The environment variable in which its program finds it.</param>
/// <param name="Secret">The secret's name.</param>
public sealed record SecretUse(string Variable, string Secret)
{
    /// <summary>The value is in a file, and the variable only says where.</summary>
    public bool IsFile { get; init; }

    /// <summary>Which version, once a release was made; 0 before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Version { get; init; }

    /// <summary>The variable that holds the value or, with <c>_FILE</c> behind it as is the custom, the file's path.</summary>
    [JsonIgnore]
    public string Told =>
        IsFile && !Variable.EndsWith("_FILE", StringComparison.Ordinal) ? Variable + "_FILE" : Variable;
}
