using System.Text;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>Reads labels as Prometheus writes them: <c>{job="api", path="C:\\logs"}</c>.</summary>
internal static class LokiLabels
{
    private const int Max = 1_000;

    /// <exception cref="InvalidDataException">They are not of that shape.</exception>
    public static List<Label> Read(string text)
    {
        List<Label> labels = [];
        var at = text.IndexOf('{') + 1;
        while (at < text.Length && text[at] != '}')
        {
            var equals = text.IndexOf('=', at);
            if (equals < 0 || equals + 1 >= text.Length || text[equals + 1] != '"' || labels.Count == Max)
            {
                throw new InvalidDataException("Labels are not written as {name=\"value\"}.");
            }
            var name = text[at..equals].Trim();
            var value = new StringBuilder();
            for (at = equals + 2; at < text.Length && text[at] != '"'; at++)
            {
                if (text[at] == '\\' && at + 1 < text.Length)
                {
                    at++;
                    value.Append(text[at] == 'n' ? '\n' : text[at]);
                }
                else
                {
                    value.Append(text[at]);
                }
            }
            labels.Add(new(name, value.ToString()));
            at++;
            while (at < text.Length && text[at] is ',' or ' ')
            {
                at++;
            }
        }
        return labels;
    }
}
