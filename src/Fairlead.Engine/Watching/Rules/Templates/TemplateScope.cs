using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Rules.Templates;

/// <summary>Variables and values while a template is filled in.</summary>
internal sealed class TemplateScope
{
    private readonly Stack<Dictionary<string, object?>> levels = new();
    private readonly TemplateFunctions functions;

    public TemplateScope(TemplateView view, IReadOnlyDictionary<string, IReadOnlyList<QueryElement>> answers)
    {
        functions = new(view, answers);
        levels.Push(
            new(StringComparer.Ordinal)
            {
                [""] = view,
                ["labels"] = view.Labels,
                ["externalLabels"] = view.External,
                ["externalURL"] = view.ExternalUrl,
                ["value"] = view.Value,
            }
        );
    }

    public void Enter() => levels.Push(new(StringComparer.Ordinal));

    public void Leave() => levels.Pop();

    public void Set(string variable, object? value, bool isNew)
    {
        var level = isNew ? levels.Peek() : levels.FirstOrDefault(one => one.ContainsKey(variable));
        if (level is null)
        {
            throw new TemplateException($"undefined variable \"${variable}\"");
        }
        level[variable] = value;
    }

    public object? Value(Pipeline pipeline, object? dot)
    {
        object? value = null;
        for (var place = 0; place < pipeline.Commands.Count; place++)
        {
            var command = pipeline.Commands[place];
            List<object?> arguments = [.. command.Skip(1).Select(one => Value(one, dot))];
            if (place > 0)
            {
                arguments.Add(value);
            }
            value =
                command[0] is Operand.Word word ? functions.Call(word.Name, arguments)
                : arguments.Count == 0 ? Value(command[0], dot)
                : throw new TemplateException("can't give argument to non-function");
        }
        return value;
    }

    public static bool IsTrue(object? value) =>
        value switch
        {
            null => false,
            bool one => one,
            string one => one.Length > 0,
            double one => one != 0,
            long one => one != 0,
            Labels one => one.Count > 0,
            IReadOnlyList<QueryElement> one => one.Count > 0,
            _ => true,
        };

    public static IReadOnlyList<(object? Key, object? Item)> Items(object? value) =>
        value switch
        {
            null => [],
            IReadOnlyList<QueryElement> list => [.. list.Select((one, place) => ((object?)(long)place, (object?)one))],
            Labels labels => [.. labels.Select(one => ((object?)one.Name, (object?)one.Value))],
            IReadOnlyList<object?> list => [.. list.Select((one, place) => ((object?)(long)place, one))],
            _ => throw new TemplateException($"range can't iterate over {TemplateText.Of(value)}"),
        };

    private object? Value(Operand operand, object? dot) =>
        operand switch
        {
            Operand.Constant one => one.Value,
            Operand.Word one => functions.Call(one.Name, []),
            Operand.Nested one => Field(Value(one.Pipeline, dot), one.Path),
            Operand.Field one => Field(one.Variable is null ? dot : Variable(one.Variable), one.Path),
            _ => throw new TemplateException("unknown value"),
        };

    private object? Variable(string name)
    {
        foreach (var level in levels)
        {
            if (level.TryGetValue(name, out var value))
            {
                return value;
            }
        }
        throw new TemplateException($"undefined variable \"${name}\"");
    }

    private static object? Field(object? value, IReadOnlyList<string> path)
    {
        foreach (var name in path)
        {
            value = (value, name) switch
            {
                (TemplateView view, "Labels") => view.Labels,
                (TemplateView view, "Value") => view.Value,
                (TemplateView view, "ExternalLabels") => view.External,
                (TemplateView view, "ExternalURL") => view.ExternalUrl,
                (QueryElement element, "Labels") => element.Labels,
                (QueryElement element, "Value") => element.Value,
                (Labels labels, _) => labels[name],
                _ => throw new TemplateException($"can't evaluate field {name}"),
            };
        }
        return value;
    }
}
