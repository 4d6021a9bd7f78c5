using System.Collections;

namespace Fairlead.Roles.Up;

/// <summary>The variables of this process, for those that it starts.</summary>
internal static class OwnEnvironment
{
    public static Dictionary<string, string> Copy() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
}
