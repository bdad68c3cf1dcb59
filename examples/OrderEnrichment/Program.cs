using Millrace.Examples;
using Millrace.Programs;

return await StreamJob.RunAsync<OrderEnrichment>(args);
