using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>Parts a service's variables into those that everybody may read and secrets, of which only the names come along.</summary>
internal static class EnvironmentImport
{
    private const string SecretsFolder = "/run/secrets/";

    private sealed record Variable(Place Place, string Name, string? Value, IReadOnlyList<string> FilledFrom);

    public static void Apply(ServiceDraft draft)
    {
        var variables = new OrderedDictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var variable in FromFiles(draft).Concat(Said(draft)))
        {
            variables[variable.Name] = variable;
        }
        var files = SecretFiles(draft);
        foreach (var variable in variables.Values)
        {
            One(draft, variable, files);
        }
        foreach (var (name, secret) in files.Where(one => !one.Value.IsUsed))
        {
            draft.Secrets[secret.Name] = new JsonObject { ["file"] = true };
            draft.Changed(
                secret.Place,
                $"secrets.{name}",
                $"It is a file elsewhere than {SecretsFolder}{name}; the variable {secret.Name}_FILE says where.",
                $"Let the program read the path in {secret.Name}_FILE."
            );
        }
    }

    private static IEnumerable<Variable> FromFiles(ServiceDraft draft)
    {
        if (draft.Find("env_file") is not { } named)
        {
            yield break;
        }
        foreach (var item in named is Piece.Row row ? row.Items : [named])
        {
            var path = (item is Piece.Group group ? group.Find("path") : item) as Piece.Word;
            var isRequired = (item as Piece.Group)?.Find("required") is not Piece.Word { Text: "false" };
            if (path is null)
            {
                draft.Bad(item, "env_file", "the path of a file");
                continue;
            }
            if (ComposeFolder.Inside(path.Place.Source.Folder, path.Text) is not { } file)
            {
                draft.Scope.Notes.Fault(path.Place, Faults.Outside(path.Text));
                continue;
            }
            if (draft.Scope.Tree.ReadText(file) is not { } text)
            {
                if (isRequired)
                {
                    draft.NotTaken(
                        path.Place,
                        "env_file",
                        $"{Manifests.Reading.Shown.Quoted(file)} is not there, or cannot be read.",
                        "Put it there and run this again, or add its variables under env."
                    );
                }
                continue;
            }
            var source = new ComposeSource(file, ComposeFolder.Parent(file));
            var lines = EnvironmentFile.Read(
                text,
                draft.Scope.Variables,
                number => new(source, number, 1),
                draft.Scope.Notes
            );
            foreach (var line in lines)
            {
                yield return new(
                    new(source, line.Number, 1),
                    line.Name,
                    line.Value ?? draft.Scope.Variables.GetValueOrDefault(line.Name),
                    line.Variables
                );
            }
        }
    }

    private static IEnumerable<Variable> Said(ServiceDraft draft)
    {
        if (draft.Find("environment") is not { } said)
        {
            yield break;
        }
        if (said is not Piece.Group group)
        {
            draft.Bad(said, "environment", "variables with their values");
            yield break;
        }
        foreach (var entry in group.Entries)
        {
            if (entry.Value is not Piece.Word word)
            {
                draft.Bad(entry.Value, $"environment.{entry.Key}", "one value");
                continue;
            }
            var value = word.IsNothing ? draft.Scope.Variables.GetValueOrDefault(entry.Key) : word.Text;
            // A value from outside is as little the file's own as one that was filled in.
            IReadOnlyList<string> filled = word.IsNothing && value is not null ? [entry.Key] : word.Variables;
            yield return new(entry.Place, entry.Key, value, filled);
        }
    }

    private static void One(ServiceDraft draft, Variable variable, Dictionary<string, SecretFile> files)
    {
        var (place, name, value, filledFrom) = variable;
        if (!EnvironmentFile.IsName(name))
        {
            draft.NotTaken(
                place,
                $"environment.{Manifests.Reading.Shown.Line(name)}",
                "Names of variables are letters, digits and underscores.",
                "Let the program read another name."
            );
        }
        else if (name == "PORT")
        {
            // The port itself is read with the others.
        }
        else if (name == "HOST")
        {
            if (value is not (null or "" or "0.0.0.0"))
            {
                draft.NotTaken(
                    place,
                    "environment.HOST",
                    "Fairlead says in HOST at which address a program listens: 0.0.0.0.",
                    "Let the program read what it means from another variable."
                );
            }
        }
        else if (value is null)
        {
            if (Sensitive.IsNamed(name))
            {
                AddSecret(draft, variable);
            }
            else
            {
                draft.Say(place, Reports.Unset(draft.ComposeName, name));
            }
        }
        else if (
            value.StartsWith(SecretsFolder, StringComparison.Ordinal)
            && files.TryGetValue(value[SecretsFolder.Length..], out var secret)
        )
        {
            FromFile(draft, variable, secret);
        }
        else if (Sensitive.Is(name, value, filledFrom) || IsOpenSecret(variable))
        {
            AddSecret(draft, variable);
            Hosts(draft, variable);
        }
        else
        {
            draft.Env[name] = value;
            if (filledFrom.Count > 0)
            {
                draft.Say(place, Reports.Filled(draft.ComposeName, name, string.Join(", ", filledFrom.Distinct())));
            }
            Hosts(draft, variable);
        }
    }

    /// <summary>Fairlead says itself where the file is, in the same variable.</summary>
    private static void FromFile(ServiceDraft draft, Variable variable, SecretFile secret)
    {
        secret.IsUsed = true;
        var name = variable.Name;
        var told = name.EndsWith("_FILE", StringComparison.Ordinal) ? name[..^5] : name;
        draft.Secrets[told] =
            told == secret.Name
                ? new JsonObject { ["file"] = true }
                : new JsonObject { ["from"] = secret.Name, ["file"] = true };
        if (told == name)
        {
            draft.Changed(
                variable.Place,
                $"environment.{name}",
                $"The variable {name}_FILE says where the secret is.",
                $"Let the program read {name}_FILE."
            );
        }
    }

    /// <summary>A secret for which no value was given to be filled in.</summary>
    private static bool IsOpenSecret(Variable variable) =>
        variable.Value?.Length == 0
        && variable.FilledFrom.Count > 0
        && (Sensitive.IsNamed(variable.Name) || variable.FilledFrom.Any(Sensitive.IsNamed));

    /// <summary>Secrets belong to the app: of two services whose variables have one name and two values, the second has another secret.</summary>
    private static void AddSecret(ServiceDraft draft, Variable variable)
    {
        var values = draft.Scope.SecretValues;
        var secret = variable.Name;
        if (
            values.TryGetValue(secret, out var other)
            && other != variable.Value
            && !string.IsNullOrEmpty(other)
            && !string.IsNullOrEmpty(variable.Value)
        )
        {
            secret = $"{VariableName(draft.Name)}_{variable.Name}";
        }
        values[secret] = variable.Value;
        draft.Secrets[variable.Name] =
            secret == variable.Name ? new JsonObject() : new JsonObject { ["from"] = secret };
        draft.Say(variable.Place, Reports.Secret(draft.ComposeName, variable.Name, secret));
    }

    /// <summary>What becomes of other services that it names as hosts, which Compose's network knows.</summary>
    private static void Hosts(ServiceDraft draft, Variable variable)
    {
        foreach (
            var host in draft.Scope.File.Services.Keys.Where(host => host != draft.ComposeName && Names(variable, host))
        )
        {
            if (Host(draft, variable.Name, host) is { } problem)
            {
                draft.Say(variable.Place, problem);
            }
        }
    }

    /// <summary>Null when all is as it was.</summary>
    private static Problem? Host(ServiceDraft draft, string variable, string host)
    {
        if (!draft.Scope.Names.TryGetValue(host, out var name))
        {
            return Reports.Host(draft.ComposeName, variable, host);
        }
        if (draft.Scope.Images.GetValueOrDefault(host) is not { IsWeb: false })
        {
            return Reports.HostOfEdge(draft.ComposeName, variable, (host, name));
        }
        if (host != name)
        {
            return Reports.HostRenamed(draft.ComposeName, variable, (host, name));
        }
        return DependencyOrder.Of(draft.Said).Any(one => one.Key == host)
            ? null
            : Reports.HostUnused(draft.ComposeName, variable, host);
    }

    private static bool Names(Variable variable, string host)
    {
        var value = variable.Value!; // Only those with a value are asked about.
        for (
            var at = value.IndexOf(host, StringComparison.Ordinal);
            at >= 0;
            at = value.IndexOf(host, at + 1, StringComparison.Ordinal)
        )
        {
            var end = at + host.Length;
            var isBegun = at == 0 || value[at - 1] is '@' or ',' or '=' || value.AsSpan(0, at).EndsWith("://");
            var isEnded = end == value.Length || value[end] is ':' or '/' or ',' or ';';
            var isWhole = at == 0 && end == value.Length;
            var tellsHost =
                variable.Name.Contains("HOST", StringComparison.OrdinalIgnoreCase)
                || variable.Name.Contains("SERVER", StringComparison.OrdinalIgnoreCase)
                || variable.Name.Contains("ADDR", StringComparison.OrdinalIgnoreCase);
            if (isBegun && isEnded && (!isWhole || tellsHost))
            {
                return true;
            }
        }
        return false;
    }

    private sealed record SecretFile(Place Place, string Name)
    {
        public bool IsUsed { get; set; }
    }

    /// <summary>Secrets that it gets as files, by the file's name.</summary>
    private static Dictionary<string, SecretFile> SecretFiles(ServiceDraft draft)
    {
        var files = new Dictionary<string, SecretFile>(StringComparer.Ordinal);
        if (draft.Find("secrets") is not { } said)
        {
            return files;
        }
        foreach (var item in said is Piece.Row row ? row.Items : [said])
        {
            var source = (item is Piece.Group group ? group.Find("source") : item) as Piece.Word;
            if (source is null || !draft.Scope.File.Declares("secrets", source.Text))
            {
                draft.Scope.Notes.Fault(
                    item.Place,
                    source is null
                        ? Faults.BadValue("secrets", "names of secrets")
                        : Faults.Unknown("secret", source.Text, null)
                );
                continue;
            }
            var target = ((item as Piece.Group)?.Find("target") as Piece.Word)?.Text ?? source.Text;
            var name = VariableName(source.Text);
            files[
                target.StartsWith(SecretsFolder, StringComparison.Ordinal) ? target[SecretsFolder.Length..] : target
            ] = new(item.Place, name);
            var declared = draft.Scope.File.DeclaredAs("secrets", source.Text);
            draft.Say(
                item.Place,
                Reports.SecretFile(draft.ComposeName, name, (declared?.Find("file") as Piece.Word)?.Text)
            );
        }
        return files;
    }

    public static string VariableName(string name)
    {
        var letters = string.Concat(
            name.Select(static letter => char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_')
        );
        return letters.Length == 0 || char.IsAsciiDigit(letters[0]) ? $"_{letters}" : letters;
    }
}
