using Millrace.Clustering;

namespace Millrace;

/// <summary>Makes a silo one of Millrace. There is no other way.</summary>
public static class SiloComposition
{
    /// <summary>Adds all that a silo of Millrace has.</summary>
    /// <param name="silo">The silo to set up.</param>
    /// <param name="options">Its name, cluster, endpoints and slots.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting cannot work.</exception>
    public static ISiloBuilder AddMillraceSilo(this ISiloBuilder silo, SiloOptions options)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(options);
        silo.Configure<Orleans.Configuration.SiloOptions>(named => named.SiloName = options.Name);
        silo.UseMillraceClustering(options.Clustering);
        silo.UseMillraceEndpoints(options.Endpoints);
        return silo;
    }
}
