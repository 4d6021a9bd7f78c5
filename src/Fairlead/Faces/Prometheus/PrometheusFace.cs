using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Faces.Prometheus;

/// <summary>
/// Prometheus' HTTP API, so that Grafana, promtool and whatever else asks Prometheus can ask Fairlead. It stands behind the same door as
/// the rest of the API; programs that know only names and passwords show the token as the password.
/// </summary>
public sealed class PrometheusFace
{
    // Part of the protocol: clients look for it to know which features there are.
    private const string ApiVersion = "3.5.0";

    private readonly Func<HttpContext, CancellationToken, Task<MetricDesk>> deskOf;
    private readonly World world;

    private PrometheusFace(Func<HttpContext, CancellationToken, Task<MetricDesk>> deskOf, World world) =>
        (this.deskOf, this.world) = (deskOf, world);

    private delegate Task Answer(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop);

    /// <summary>Offers the API under <c>/api/v1</c>; the door and the handling of bugs are those of the HTTP face.</summary>
    /// <param name="deskOf">The metrics as whoever asks may see them.</param>
    public static void Map(
        WebApplication app,
        Func<HttpContext, CancellationToken, Task<MetricDesk>> deskOf,
        World world
    )
    {
        var face = new PrometheusFace(deskOf, world);
        face.Add(app, "query", face.QueryAsync);
        face.Add(app, "query_range", face.QueryRangeAsync);
        face.Add(app, "query_exemplars", Constant("[]"));
        face.Add(app, "format_query", FormatAsync);
        face.Add(app, "series", SeriesAsync);
        face.Add(app, "labels", LabelsAsync);
        face.Add(app, "metadata", MetadataAsync);
        face.Add(app, "rules", RulesAsync);
        face.Add(app, "alerts", AlertsAsync);
        face.Add(app, "targets", TargetsAsync);
        face.Add(app, "status/buildinfo", BuildAsync);
        app.MapGet(
                "/api/v1/label/{name}/values",
                (string name, HttpContext http) =>
                    face.AnswerAsync(
                        http,
                        (desk, asked, json, stop) => ValuesAsync(desk, name, (asked, json), stop),
                        http.RequestAborted
                    )
            )
            .WithMetadata(EndpointPolicy.Anywhere(Permission.Watch));
    }

    private void Add(WebApplication app, string path, Answer answer) =>
        app.MapMethods(
                $"/api/v1/{path}",
                [HttpMethods.Get, HttpMethods.Post],
                http => AnswerAsync(http, answer, http.RequestAborted)
            )
            .WithMetadata(EndpointPolicy.Anywhere(Permission.Watch));

    private async Task AnswerAsync(HttpContext http, Answer answer, CancellationToken stop)
    {
        var desk = await deskOf(http, stop);
        using var json = new JsonAnswer(http.Response.Body);
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            var asked = await Asked.ReadAsync(http.Request, stop);
            await answer(desk, asked, json, stop);
            await json.EndAsync(stop);
        }
        catch (ProblemException caught) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, PrometheusFault.Of(caught), stop);
        }
        catch (PrometheusFault caught) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, caught, stop);
        }
    }

    private static async Task RefuseAsync(HttpContext http, PrometheusFault fault, CancellationToken stop)
    {
        using var json = new JsonAnswer(http.Response.Body);
        http.Response.StatusCode = fault.Status;
        json.Raw("{\"status\":\"error\",\"errorType\":"u8);
        json.Text(fault.Type);
        json.Raw(",\"error\":"u8);
        json.Text(fault.Message);
        json.Raw("}"u8);
        await json.EndAsync(stop);
    }

    private async Task QueryAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        var at = asked.Time("time", world.Now.ToUnixTimeMilliseconds());
        var answer = await desk.InstantAsync(asked.Query, at, asked.Timeout, stop);
        await ResultAsync(json, answer, asked.Limit, stop);
    }

    private async Task QueryRangeAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        var times = (Start: asked.Time("start"), End: asked.Time("end"), Step: asked.Duration("step"));
        if (times.End < times.Start)
        {
            throw PrometheusFault.BadParameter("end", "end timestamp must not be before start time");
        }
        if (times.Step <= 0)
        {
            throw PrometheusFault.BadParameter(
                "step",
                "zero or negative query resolution step widths are not accepted. Try a positive integer"
            );
        }
        var answer = await desk.RangeAsync(asked.Query, times, asked.Timeout, stop);
        await ResultAsync(json, answer, asked.Limit, stop);
    }

    private static async Task ResultAsync(JsonAnswer json, QueryAnswer answer, int limit, CancellationToken stop)
    {
        json.Raw("{\"status\":\"success\",\"data\":{\"resultType\":"u8);
        switch (answer.Result)
        {
            case QueryResult.Scalar scalar:
                json.Raw("\"scalar\",\"result\":"u8);
                json.Point(scalar.At, scalar.Value);
                break;
            case QueryResult.Text text:
                json.Raw("\"string\",\"result\":["u8);
                json.Time(text.At);
                json.Raw(","u8);
                json.Text(text.Value);
                json.Raw("]"u8);
                break;
            case QueryResult.Vector vector:
                json.Raw("\"vector\",\"result\":["u8);
                await VectorAsync(json, vector, limit, stop);
                json.Raw("]"u8);
                break;
            case QueryResult.Matrix matrix:
                json.Raw("\"matrix\",\"result\":["u8);
                await MatrixAsync(json, matrix, limit, stop);
                json.Raw("]"u8);
                break;
        }
        json.Raw("}"u8);
        Notes(json, ",\"warnings\":"u8, Limited(answer, limit));
        Notes(json, ",\"infos\":"u8, answer.Infos);
        json.Raw("}"u8);
    }

    private static IReadOnlyList<string> Limited(QueryAnswer answer, int limit)
    {
        var count = answer.Result switch
        {
            QueryResult.Vector vector => vector.Elements.Count,
            QueryResult.Matrix matrix => matrix.Series.Count,
            _ => 0,
        };
        return count > limit ? [.. answer.Warnings, "results truncated due to limit"] : answer.Warnings;
    }

    private static async Task VectorAsync(JsonAnswer json, QueryResult.Vector vector, int limit, CancellationToken stop)
    {
        for (var i = 0; i < Math.Min(limit, vector.Elements.Count); i++)
        {
            json.Raw(i == 0 ? "{\"metric\":"u8 : ",{\"metric\":"u8);
            json.Labels(vector.Elements[i].Labels);
            json.Raw(",\"value\":"u8);
            json.Point(vector.At, vector.Elements[i].Value);
            json.Raw("}"u8);
            await json.SendAsync(stop);
        }
    }

    private static async Task MatrixAsync(JsonAnswer json, QueryResult.Matrix matrix, int limit, CancellationToken stop)
    {
        for (var i = 0; i < Math.Min(limit, matrix.Series.Count); i++)
        {
            json.Raw(i == 0 ? "{\"metric\":"u8 : ",{\"metric\":"u8);
            json.Labels(matrix.Series[i].Labels);
            json.Raw(",\"values\":["u8);
            Points(json, matrix.Series[i]);
            json.Raw("]}"u8);
            await json.SendAsync(stop);
        }
    }

    private static void Points(JsonAnswer json, QuerySeries series)
    {
        var times = series.Times.Span;
        var values = series.Values.Span;
        for (var i = 0; i < times.Length; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8);
            json.Point(times[i], values[i]);
        }
    }

    private static void Notes(JsonAnswer json, ReadOnlySpan<byte> name, IReadOnlyList<string> notes)
    {
        if (notes.Count > 0)
        {
            json.Raw(name);
            json.Texts(notes);
        }
    }

    private static async Task SeriesAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        var selectors = asked.All("match[]");
        if (selectors.Count == 0)
        {
            throw PrometheusFault.BadRequest("no match[] parameter provided");
        }
        var found = await FoundAsync(
            desk.SeriesAsync(selectors, asked.Times, asked.Limit, stop),
            "invalid parameter \"match[]\": ",
            stop
        );
        json.Raw("{\"status\":\"success\",\"data\":["u8);
        for (var i = 0; i < found.Count; i++)
        {
            json.Raw(i == 0 ? ""u8 : ","u8);
            json.Labels(found[i]);
            await json.SendAsync(stop);
        }
        json.Raw("]}"u8);
    }

    private static async Task LabelsAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        var names = await FoundAsync(desk.LabelNamesAsync(asked.All("match[]"), asked.Times, stop), front: "", stop);
        Data(json, names.Take(asked.Limit));
    }

    private static async Task ValuesAsync(
        MetricDesk desk,
        string name,
        (Asked Asked, JsonAnswer Json) with,
        CancellationToken stop
    )
    {
        var (selectors, times) = (with.Asked.All("match[]"), with.Asked.Times);
        var values = await FoundAsync(desk.LabelValuesAsync(LabelName(name), selectors, times, stop), front: "", stop);
        Data(with.Json, values.Take(with.Asked.Limit));
    }

    /// <summary>Says of a selector that cannot be read what Prometheus says.</summary>
    private static async Task<IReadOnlyList<T>> FoundAsync<T>(
        Task<IReadOnlyList<T>> asked,
        string front,
        CancellationToken stop
    )
    {
        const string Empty = "must contain at least one non-empty matcher";
        try
        {
            return await asked.WaitAsync(stop);
        }
        catch (ProblemException caught) when (caught.Problem.Code == "promql.syntax")
        {
            var why = caught.Problem.Why;
            throw PrometheusFault.BadRequest(
                front + (why.EndsWith(Empty, StringComparison.Ordinal) ? $"match[] {Empty}" : why)
            );
        }
    }

    /// <summary>Names that no address can hold come as <c>U__</c> and their letters' codes between underscores.</summary>
    private static string LabelName(string name)
    {
        if (!name.StartsWith("U__", StringComparison.Ordinal))
        {
            return name;
        }
        var plain = new System.Text.StringBuilder();
        for (var i = 3; i < name.Length; i++)
        {
            if (name[i] != '_')
            {
                plain.Append(name[i]);
            }
            else if (i + 1 < name.Length && name[i + 1] == '_')
            {
                plain.Append('_');
                i++;
            }
            else if (
                name.IndexOf('_', i + 1) is > 0 and var end
                && int.TryParse(
                    name.AsSpan(i + 1, end - i - 1),
                    System.Globalization.NumberStyles.AllowHexSpecifier,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var code
                )
                && System.Text.Rune.TryCreate(code, out var rune)
            )
            {
                plain.Append(rune.ToString());
                i = end;
            }
            else
            {
                return name;
            }
        }
        return plain.ToString();
    }

    private static void Data(JsonAnswer json, IEnumerable<string> texts)
    {
        json.Raw("{\"status\":\"success\",\"data\":"u8);
        json.Texts(texts);
        json.Raw("}"u8);
    }

    private static Task FormatAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        json.Raw("{\"status\":\"success\",\"data\":"u8);
        json.Text(MetricDesk.Format(asked.Query));
        json.Raw("}"u8);
        return Task.CompletedTask;
    }

    private static Task MetadataAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        NoteAnswer.Metadata(json, desk.Notes, asked.Text("metric"), asked.Limit);
        return Task.CompletedTask;
    }

    private static Task TargetsAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        NoteAnswer.Targets(json, asked.Text("state") is "dropped" ? [] : desk.Targets());
        return Task.CompletedTask;
    }

    private static Task RulesAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        RuleAnswer.Groups(json, desk.Rules(), asked.Text("type"));
        return Task.CompletedTask;
    }

    private static Task AlertsAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        RuleAnswer.Alerts(json, desk.Rules());
        return Task.CompletedTask;
    }

    private static Task BuildAsync(MetricDesk desk, Asked asked, JsonAnswer json, CancellationToken stop)
    {
        json.Raw("{\"status\":\"success\",\"data\":{\"application\":\"Fairlead\",\"version\":"u8);
        json.Text(ApiVersion);
        json.Raw(",\"revision\":\"\",\"branch\":\"\",\"buildUser\":\"\",\"buildDate\":\"\",\"goVersion\":\"\"}}"u8);
        return Task.CompletedTask;
    }

    private static Answer Constant(string data) =>
        (_, _, json, _) =>
        {
            json.Raw("{\"status\":\"success\",\"data\":"u8);
            json.Raw(System.Text.Encoding.UTF8.GetBytes(data));
            json.Raw("}"u8);
            return Task.CompletedTask;
        };
}
