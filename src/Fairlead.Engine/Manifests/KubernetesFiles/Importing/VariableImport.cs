using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Parts a container's variables into those that everybody may read and secrets, of which only the names come along.</summary>
internal sealed class VariableImport(SecretNames secrets, Hosts hosts)
{
    /// <summary>What Fairlead tells every program by itself.</summary>
    private static readonly string[] Told = ["HOST", "PORT", "HOME", "ASPNETCORE_URLS"];

    private static readonly string[] DataKeys = ["data", "stringData"];

    private sealed record Variable(Place Place, string Name, string? Value)
    {
        public (string Object, string Key)? Held { get; init; }

        /// <summary>Why it has no value.</summary>
        public string Missing { get; init; } = "";
    }

    public void Apply(WorkloadDraft draft)
    {
        var variables = new OrderedDictionary<string, Variable>(StringComparer.Ordinal);
        foreach (var one in Whole(draft).Concat(Said(draft)))
        {
            variables[one.Name] = one;
        }
        foreach (var one in variables.Values)
        {
            One(draft, Filled(one, variables));
        }
    }

    /// <summary>All that <c>envFrom</c> brings.</summary>
    private static IEnumerable<Variable> Whole(WorkloadDraft draft)
    {
        foreach (var row in ClusterObject.Rows(draft.Said, "envFrom"))
        {
            var prefix = ClusterObject.Text(row, "prefix") ?? "";
            var (kind, key) = row.Find("secretRef") is null ? ("ConfigMap", "configMapRef") : ("Secret", "secretRef");
            if (ClusterObject.Text(ClusterObject.Group(row, key), "name") is not { } name)
            {
                continue;
            }
            if (draft.Cast.Find(kind, name, draft.Object.Space) is not { } found)
            {
                draft.NotTaken(
                    row.Place,
                    $"envFrom ({kind}/{name})",
                    "It is not among the files, so nobody knows which variables it brings.",
                    kind == "Secret"
                        ? $"Name them: services.{draft.Name}: secrets: [...]; see them with: kubectl describe secret {Shown.Line(name)}"
                        : $"Import its file too: kubectl get configmap {Shown.Line(name)} -o yaml"
                );
                continue;
            }
            draft.Cast.Used.Add(found);
            foreach (var entry in Data(found))
            {
                yield return new(
                    row.Place,
                    prefix + entry.Key,
                    kind == "Secret" ? null : (entry.Value as Piece.Word)?.Text
                )
                {
                    Held = kind == "Secret" ? (name, entry.Key) : null,
                };
            }
        }
    }

    public static IEnumerable<Piece.Entry> Data(ClusterObject one) =>
        DataKeys.SelectMany(key => ClusterObject.Group(one.Root, key)?.Entries ?? []);

    private static IEnumerable<Variable> Said(WorkloadDraft draft)
    {
        foreach (var row in ClusterObject.Rows(draft.Said, "env"))
        {
            if (ClusterObject.Text(row, "name") is not { } name)
            {
                continue;
            }
            var from = ClusterObject.Group(row, "valueFrom");
            if (from is null)
            {
                yield return new(row.Place, name, (row.Find("value") as Piece.Word)?.Text ?? "");
            }
            else if (SecretNames.Ref(row) is { } held)
            {
                if (draft.Cast.Find("Secret", held.Object, draft.Object.Space) is { } found)
                {
                    draft.Cast.Used.Add(found);
                }
                yield return new(row.Place, name, null) { Held = held };
            }
            else if (ClusterObject.Group(from, "configMapKeyRef") is { } map)
            {
                yield return OfMap(draft, row, name, map);
            }
            else
            {
                draft.NotTaken(
                    row.Place,
                    $"env ({name})",
                    "What a pod is called and where it runs is not told here, but which replica of which release it is.",
                    "Let the program read FAIRLEAD_SERVICE, or leave it without."
                );
            }
        }
    }

    private static Variable OfMap(WorkloadDraft draft, Piece.Group row, string name, Piece.Group map)
    {
        var (of, key) = (ClusterObject.Text(map, "name") ?? "", ClusterObject.Text(map, "key") ?? "");
        var found = draft.Cast.Find("ConfigMap", of, draft.Object.Space);
        if (found is not null)
        {
            draft.Cast.Used.Add(found);
        }
        var value = found is null ? null : Data(found).FirstOrDefault(one => one.Key == key)?.Value as Piece.Word;
        return new(row.Place, name, value?.Text)
        {
            Missing =
                $"It comes from the key {Shown.Quoted(key)} of the ConfigMap {Shown.Quoted(of)}, which is not among the files.",
        };
    }

    /// <summary>With <c>$(NAME)</c> of other variables written out, as the cluster does it; a value that holds a secret is one.</summary>
    private static Variable Filled(Variable one, IReadOnlyDictionary<string, Variable> all)
    {
        if (one.Value is not { } value || !value.Contains("$(", StringComparison.Ordinal))
        {
            return one;
        }
        var (filled, isSecret) = Expand(value, all);
        return one with { Value = filled, Held = isSecret ? (IsOpen, one.Name) : null };
    }

    /// <summary>Stands for a Secret that there is not: the value is put together of several.</summary>
    private const string IsOpen = "";

    private static (string Text, bool HoldsSecret) Expand(string value, IReadOnlyDictionary<string, Variable> all)
    {
        var text = new StringBuilder();
        var holdsSecret = false;
        for (var at = 0; at < value.Length; at++)
        {
            var end = value.AsSpan(at).StartsWith("$(") ? value.IndexOf(')', at) : -1;
            if (value.AsSpan(at).StartsWith("$$("))
            {
                text.Append("$(");
                at += 2;
            }
            else if (end > 0 && all.TryGetValue(value[(at + 2)..end], out var other))
            {
                holdsSecret |= other.Held is not null;
                text.Append(other.Value);
                at = end;
            }
            else
            {
                text.Append(value[at]);
            }
        }
        return (text.ToString(), holdsSecret);
    }

    private void One(WorkloadDraft draft, Variable variable)
    {
        var (place, name, value) = variable;
        if (name.StartsWith("FAIRLEAD_", StringComparison.Ordinal) || (draft.IsOurs && Told.Contains(name)))
        {
            return; // Fairlead tells it again.
        }
        if (!EnvironmentFile.IsName(name))
        {
            draft.NotTaken(
                place,
                $"env ({name})",
                "Names of variables are letters, digits and underscores.",
                "Let the program read another name."
            );
        }
        else if (name is "PORT" or "HOST")
        {
            Listening(draft, variable);
        }
        else if (variable.Held is { Object: IsOpen })
        {
            Composed(draft, variable);
        }
        else if (variable.Held is { } held)
        {
            var secret = secrets.Of(held, name);
            draft.Secrets[name] = secret == name ? new JsonObject() : new JsonObject { ["from"] = secret };
            draft.Notes.Say(place, KubernetesReports.Secret(draft.Name, name, secret, held));
        }
        else if (value is null)
        {
            draft.Notes.Say(place, KubernetesReports.Unset(draft.Name, name, variable.Missing));
        }
        else if (Sensitive.Is(name, value, []))
        {
            hosts.Apply(draft, place, (name, value)); // What it names is used all the same.
            Kept(draft, variable, value);
        }
        else
        {
            var now = hosts.Apply(draft, place, (name, value));
            if (now != value)
            {
                draft.Notes.Say(place, KubernetesReports.Host(draft.Name, name, value, now));
            }
            draft.Env[name] = now;
        }
    }

    private void Kept(WorkloadDraft draft, Variable variable, string value)
    {
        var secret = secrets.OfValue(draft.Name, variable.Name, value);
        draft.Secrets[variable.Name] =
            secret == variable.Name ? new JsonObject() : new JsonObject { ["from"] = secret };
        draft.Notes.Say(variable.Place, KubernetesReports.Secret(draft.Name, variable.Name, secret, null));
    }

    private void Composed(WorkloadDraft draft, Variable variable)
    {
        var value = variable.Value ?? "";
        hosts.Apply(draft, variable.Place, (variable.Name, value));
        Kept(draft, variable, value);
        draft.Changed(
            variable.Place,
            $"env ({variable.Name})",
            "It is put together with a secret, and the manifest puts nothing together: the whole of it is a secret.",
            $"Set it whole: fairlead secret set {variable.Name}"
        );
    }

    private static void Listening(WorkloadDraft draft, Variable variable)
    {
        var isSame =
            variable.Name == "PORT"
                ? variable.Value == draft.Port?.ToString(CultureInfo.InvariantCulture)
                : variable.Value is null or "" or "0.0.0.0";
        if (!isSame)
        {
            draft.NotTaken(
                variable.Place,
                $"env ({variable.Name})",
                variable.Name == "PORT"
                    ? $"Fairlead says in PORT at which port it is asked: {draft.Port ?? Model.Apps.ContainerSettings.UsualPort}."
                    : "Fairlead says in HOST at which address a program listens: 0.0.0.0.",
                "Let the program read what it means from another variable."
            );
        }
    }
}
