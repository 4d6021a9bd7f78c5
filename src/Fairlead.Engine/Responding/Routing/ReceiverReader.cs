using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Responding.Routing;

/// <summary>Reads channels of receivers and people: <c>webhook_configs</c> and its like, checked against what each kind knows.</summary>
/// <param name="global">Settings that hold where a channel says nothing else, as Alertmanager's <c>smtp_smarthost</c>.</param>
internal sealed class ReceiverReader(IReadOnlyList<IChannel> kinds, YamlPage? global)
{
    private const string Suffix = "_configs";

    private static readonly string[] Prefixes = ["smtp_", "slack_", "pagerduty_", "opsgenie_", "telegram_"];

    public Receiver Receiver(YamlPage page)
    {
        var name = page.Text("name") ?? "";
        if (name.Length == 0)
        {
            page.Add("rules.bad-value", "A receiver has no name.", "Routes name receivers.");
        }
        return new(name, Channels(page, "name", "fallback", "escalation"))
        {
            Fallback = page.Text("fallback"),
            Escalation = page.Text("escalation"),
        };
    }

    /// <param name="others">Keys that are no channels.</param>
    public IReadOnlyList<ReceiverChannel> Channels(YamlPage page, params string[] others)
    {
        page.CheckKeys([.. others, .. kinds.Select(static one => $"{one.Kind}{Suffix}")]);
        return
        [
            .. kinds.SelectMany(kind =>
                page.List($"{kind.Kind}{Suffix}").Select(one => new ReceiverChannel(kind.Kind, Settings(kind, one)))
            ),
        ];
    }

    private ChannelSettings Settings(IChannel kind, YamlPage page)
    {
        page.CheckKeys([
            "send_resolved",
            .. kind.Fields.SelectMany(static one => one.Alias is { } alias ? (string[])[one.Name, alias] : [one.Name]),
        ]);
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var before = page.Faults;
        foreach (var field in kind.Fields)
        {
            var key = page.Has(field.Name) || field.Alias is null ? field.Name : field.Alias;
            var texts = page.Has(key) ? page.Flat(key) : Global(kind, field);
            if (texts.Count > 0)
            {
                values[field.Name] = texts;
            }
            else if (field.IsRequired)
            {
                page.Add(
                    "rules.bad-value",
                    $"'{field.Name}' is missing.",
                    $"{kind.Kind} needs it: {field.Description}"
                );
            }
        }
        var settings = new ChannelSettings(values) { SendsResolved = page.Flag("send_resolved") ?? true };
        // What a kind knows of its settings it can only say when they are there.
        if (page.Faults == before && kind.Fault(settings) is { } fault)
        {
            page.Add("rules.bad-value", $"The settings of {kind.Kind} cannot be used.", fault);
        }
        return settings;
    }

    private IReadOnlyList<string> Global(IChannel kind, ChannelField field)
    {
        if (global is null)
        {
            return [];
        }
        var prefix = kind.Kind == "email" ? "smtp_" : $"{kind.Kind}_";
        return Prefixes.Contains(prefix) ? global.Flat($"{prefix}{field.Name}") : [];
    }
}
