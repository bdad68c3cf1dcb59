using Millrace.Examples;
using Millrace.Programs;

return await StreamJob.RunAsync<SensorAlarms>(args);
