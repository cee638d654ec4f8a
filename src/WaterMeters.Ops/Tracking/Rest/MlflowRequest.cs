using System.Text.Json.Nodes;

namespace WaterMeters.Ops.Tracking.Rest;

/// <summary>A call of MLflow's REST API.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path below <c>api/2.0/mlflow/</c>.</param>
/// <param name="Target">The name or identifier that an error is about.</param>
internal sealed record MlflowRequest(HttpMethod Method, string Path, string Target)
{
    /// <summary>Parameters of the address.</summary>
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    /// <summary>The whole address, for a call that is not below <c>api/2.0/mlflow/</c>; null for one that is.</summary>
    public Uri? Address { get; init; }

    /// <summary>JSON body; null for none.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>Creates a GET request.</summary>
    public static MlflowRequest Get(string path, string target, params (string Name, string Value)[] query) =>
        new(HttpMethod.Get, path, target) { Query = query };

    /// <summary>Creates a POST request.</summary>
    public static MlflowRequest Post(string path, string target, JsonObject body) => new(HttpMethod.Post, path, target) { Body = body };

    /// <summary>Returns the same request for another page.</summary>
    public MlflowRequest WithPage(string token)
    {
        if (Body is null) return this with { Query = [.. Query, ("page_token", token)] };
        var body = (JsonObject)Body.DeepClone();
        body["page_token"] = token;
        return this with { Body = body };
    }

    /// <summary>Returns the address of the request.</summary>
    public Uri AddressOn(Uri server)
    {
        if (Address is not null) return Address;
        string query = string.Join('&', Query.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"));
        return new Uri(server, $"api/2.0/mlflow/{Path}{(query.Length > 0 ? "?" : "")}{query}");
    }
}
